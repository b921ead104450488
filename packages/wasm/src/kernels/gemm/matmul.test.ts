import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { useWasm } from '../../../dist/index.js';
import { activated, activations } from '../../testing/activations.js';
import { expectClose, values } from '../../testing/values.js';

beforeAll(() => useWasm());

function tensor(shape: number[], seed: number): tf.Tensor {
  return tf.tensor(values(shape, seed), shape);
}

interface Case {
  rows: number;
  columns: number;
  k: number;
  outerA: number[];
  outerB: number[];
  transposeA: boolean;
  transposeB: boolean;
  seed: number;
}

function shapes(c: Case): [number[], number[]] {
  return [
    [...c.outerA, ...(c.transposeA ? [c.k, c.rows] : [c.rows, c.k])],
    [...c.outerB, ...(c.transposeB ? [c.columns, c.k] : [c.k, c.columns])],
  ];
}

/** The product by its definition. */
function reference(c: Case): { shape: number[]; data: Float64Array } {
  const [shapeA, shapeB] = shapes(c);
  const a = values(shapeA, c.seed);
  const b = values(shapeB, c.seed + 1);
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(c.outerA, c.outerB);
  const batches = outer.reduce((x, y) => x * y, 1);
  const data = new Float64Array(batches * c.rows * c.columns);
  for (let batch = 0; batch < batches; batch++) {
    const fromA = matrixIndex(batch, outer, c.outerA) * c.rows * c.k;
    const fromB = matrixIndex(batch, outer, c.outerB) * c.columns * c.k;
    for (let i = 0; i < c.rows; i++)
      for (let j = 0; j < c.columns; j++) {
        let sum = 0;
        for (let k = 0; k < c.k; k++) {
          const left = a[fromA + (c.transposeA ? k * c.rows + i : i * c.k + k)]!;
          sum += left * b[fromB + (c.transposeB ? j * c.k + k : k * c.columns + j)]!;
        }
        data[(batch * c.rows + i) * c.columns + j] = sum;
      }
  }
  return { shape: [...outer, c.rows, c.columns], data };
}

/** Which matrix of an operand with the outer sizes `own` belongs to a batch of the result. */
function matrixIndex(batch: number, outer: number[], own: number[]): number {
  let index = 0;
  let stride = 1;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const size = own[axis - outer.length + own.length] ?? 1;
    index += (size === 1 ? 0 : batch % outer[axis]!) * stride;
    stride *= size;
    batch = Math.floor(batch / outer[axis]!);
  }
  return index;
}

const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 6, 8, 97));
const products: fc.Arbitrary<Case> = fc
  .record({
    rows: size,
    columns: size,
    k: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(256, 257, 385)),
    outer: fc.constantFrom<[number[], number[]]>(
      [[], []],
      [[3], [3]],
      [[1], [4]],
      [[4], [1]],
      [[5], []],
      [
        [2, 1],
        [1, 3],
      ],
      [[2, 2], [2]],
      [[0], [1]],
    ),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    seed: fc.nat(),
  })
  .map(({ outer: [outerA, outerB], ...rest }) => ({ ...rest, outerA, outerB }));

test('matMul is the sum of products, for any sizes, transposes and broadcast batches', () => {
  fc.assert(
    fc.property(products, (c) => {
      const [shapeA, shapeB] = shapes(c);
      const expected = reference(c);
      tf.tidy(() => {
        const a = tensor(shapeA, c.seed);
        const b = tensor(shapeB, c.seed + 1);
        const product = tf.matMul(a, b, c.transposeA, c.transposeB);
        expect(product.shape).toEqual(expected.shape);
        expectClose(product, expected.data, c.k);
      });
    }),
    { numRuns: 100 },
  );
});

test('products whose packed operand needs several rounds', () => {
  for (const [k, columns] of [
    [30, 150000],
    [600000, 9],
  ] as const) {
    const shape = [8, k];
    tf.tidy(() => {
      const a = tensor(shape, 5);
      const counts = tf.range(1, columns + 1);
      // Every row of B counts the columns, so that each product is a row sum times its column.
      const b = tf.mul(tf.ones([k, 1]), counts) as tf.Tensor2D;
      const product = tf.matMul(a as tf.Tensor2D, b).dataSync();
      const transposed = tf.matMul(a as tf.Tensor2D, tf.transpose(b), false, true).dataSync();
      const data = a.dataSync();
      let worst = 0;
      for (let row = 0; row < 8; row++) {
        const sum = Array.from(data.slice(row * k, row * k + k)).reduce((x, y) => x + y, 0);
        for (let column = 0; column < columns; column += 7) {
          const index = row * columns + column;
          for (const result of [product, transposed]) {
            worst = Math.max(worst, Math.abs(result[index]! / (column + 1) - sum));
          }
        }
      }
      expect(worst).toBeLessThan(0.2);
    });
  }
});

test('gradients agree with the definition, with every transpose', () => {
  fc.assert(
    fc.property(products, (c) => {
      // tfjs-core has no gradient of broadcast batches.
      fc.pre(c.k > 0 && String(c.outerA) === String(c.outerB));
      const [shapeA, shapeB] = shapes(c);
      tf.tidy(() => {
        const a = tensor(shapeA, c.seed);
        const b = tensor(shapeB, c.seed + 1);
        const loss = (x: tf.Tensor, y: tf.Tensor) =>
          tf.sum(tf.square(tf.matMul(x, y, c.transposeA, c.transposeB)));
        const onOurs = tf
          .grads(loss)([a, b])
          .map((g) => g.dataSync());
        const change = 0.5;
        [a, b].forEach((operand, which) => {
          if (operand.size === 0) return;
          const index = c.seed % operand.size;
          const [above, below] = [change, -change].map((by) => {
            const data = operand.dataSync().slice();
            data[index]! += by;
            const moved = tf.tensor(data, operand.shape);
            return loss(which === 0 ? moved : a, which === 0 ? b : moved).dataSync()[0]!;
          });
          const scale = Math.max(1, Math.abs(above!), Math.abs(below!));
          const gradient = onOurs[which]![index]!;
          expect(Math.abs(above! - below! - gradient) / scale).toBeLessThan(1e-4);
        });
      });
    }),
    { numRuns: 60 },
  );
});

test('fused.matMul is the product, then bias, then activation', () => {
  fc.assert(
    fc.property(
      // tfjs-core joins all batch axes into one before it calls the kernel.
      products.filter((c) => c.outerA.length === c.outerB.length && c.outerA.length < 2),
      fc.constantFrom(...activations),
      fc.constantFrom('none', 'scalar', 'vector', 'column', 'whole'),
      (c, activation, biasKind) => {
        const [shapeA, shapeB] = shapes(c);
        tf.tidy(() => {
          const a = tensor(shapeA, c.seed);
          const b = tensor(shapeB, c.seed + 1);
          const product = tf.matMul(a, b, c.transposeA, c.transposeB);
          const biasShape = {
            none: undefined,
            scalar: [],
            vector: [c.columns],
            column: [c.rows, 1],
            whole: product.shape,
          }[biasKind];
          const bias = biasShape && tensor(biasShape, c.seed + 2);
          const slope = tensor([c.columns], c.seed + 3);
          const biased: tf.Tensor = bias ? tf.add(product, bias) : product;
          const expected = activated(activation, biased.dataSync(), slope.dataSync());
          const fused = tf.fused.matMul({
            a,
            b,
            transposeA: c.transposeA,
            transposeB: c.transposeB,
            bias: bias as tf.Tensor,
            activation,
            ...(activation === 'prelu' ? { preluActivationWeights: slope } : {}),
            leakyreluAlpha: 0.3,
          });
          expectClose(fused, expected, 1);
        });
      },
    ),
    { numRuns: 120 },
  );
});

test('two shapes of one tensor do not share an operator, as they do in tfjs-backend-wasm', () => {
  tf.tidy(() => {
    const w = tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8]);
    const x = tf.ones<tf.Rank.R2>([1, 2]);
    const y = tf.ones<tf.Rank.R2>([1, 4]);
    expect([...tf.matMul(x, tf.reshape(w, [2, 4])).dataSync()]).toEqual([6, 8, 10, 12]);
    expect([...tf.matMul(y, tf.reshape(w, [4, 2])).dataSync()]).toEqual([16, 20]);
  });
});

test('a bias is added once, also where k is longer than a block', () => {
  tf.tidy(() => {
    const a = tf.ones<tf.Rank.R2>([100, 3]);
    const b = tf.ones<tf.Rank.R2>([100, 2]);
    const fused = tf.fused.matMul({ a, b, transposeA: true, bias: tf.tensor1d([0.5, -200]) });
    expect([...fused.dataSync()]).toEqual([100.5, -100, 100.5, -100, 100.5, -100]);
  });
});

test.each([
  ['a single row, over several blocks of k', 1, 75, 900],
  ['tasks that take some of the columns each', 16, 256, 520],
])('%s', (_, rows, columns, k) => {
  const each = { rows, columns, k, outerA: [], outerB: [], seed: 3 };
  for (const [transposeA, transposeB] of [
    [false, false],
    [true, false],
    [false, true],
  ] as const) {
    const c = { ...each, transposeA, transposeB };
    const [shapeA, shapeB] = shapes(c);
    tf.tidy(() => {
      const a = tensor(shapeA, 3);
      const b = tensor(shapeB, 4);
      const sums = reference(c).data;
      expectClose(tf.matMul(a, b, transposeA, transposeB), sums, k);
      for (const activation of ['elu', 'sigmoid', 'relu'] as const) {
        const fused = tf.fused.matMul({ a, b, transposeA, transposeB, activation });
        const slopes = new Float32Array(columns);
        expectClose(fused, activated(activation, Float32Array.from(sums), slopes), k);
      }
    });
  }
});

test('int32 and bool matrices are multiplied exactly', () => {
  tf.tidy(() => {
    const a = tf.tensor2d([1, -2, 2 ** 24 + 1, 4, 5, 6], [2, 3], 'int32');
    const b = tf.tensor2d([3, 0, 1, 7, 1, -1], [3, 2], 'int32');
    const expected = [2 ** 24 + 2, -(2 ** 24) - 15, 23, 29];
    const product = tf.matMul(a, b);
    expect(product.dtype).toBe('int32');
    expect([...product.dataSync()]).toEqual(expected);
    const transposed = tf.matMul(tf.transpose(a), tf.transpose(b), true, true);
    expect([...transposed.dataSync()]).toEqual(expected);
    const batched = tf.matMul(tf.stack([a, a]), tf.expandDims(b) as tf.Tensor3D);
    expect([...batched.dataSync()]).toEqual([...expected, ...expected]);
    const flags = tf.tensor2d([true, false, true, true], [2, 2], 'bool');
    const reached = tf.matMul(flags, flags);
    expect(reached.dtype).toBe('bool');
    expect([...reached.dataSync()]).toEqual([1, 0, 1, 1]);
    const mixed = tf.fused.matMul({ a, b, bias: tf.scalar(1, 'int32'), activation: 'relu' });
    expect([...mixed.dataSync()]).toEqual([2 ** 24 + 3, 0, 24, 30]);
  });
});
