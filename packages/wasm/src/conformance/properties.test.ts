import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { useWasm } from '../../dist/index.js';

const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const seeds = fc.integer({ min: 1, max: 1e6 });
/** Of a list, those whose turn it is. */
const flags = fc.array(fc.boolean(), { minLength: 5, maxLength: 5 });
const small = fc.integer({ min: 0, max: 2 });

function random(shape: number[], seed: number): tf.Tensor {
  return tf.randomUniform(shape, -2, 2, 'float32', seed);
}

const pick = (shape: number[], chosen: boolean[]): number[] =>
  shape.flatMap((_, axis) => (chosen[axis] ? [axis] : []));

/** What one and the same computation gives on both backends. */
async function expectSame(compute: () => tf.Tensor | tf.Tensor[]): Promise<void> {
  const results: { shape: number[]; values: tf.TypedArray }[][] = [];
  for (const backend of ['cpu', 'ae-wasm']) {
    await tf.setBackend(backend);
    tf.engine().startScope();
    const outputs = [compute()].flat();
    results.push(outputs.map((output) => ({ shape: output.shape, values: output.dataSync() })));
    tf.engine().endScope();
  }
  const [expected, actual] = results;
  for (const [i, { shape, values }] of expected!.entries()) {
    expect(actual![i]!.shape).toEqual(shape);
    const wrong = values.findIndex(
      (value, j) =>
        !(Math.abs(actual![i]!.values[j]! - value) <= 2e-5 * Math.max(1, Math.abs(value))),
    );
    expect({ output: i, wrong }).toEqual({ output: i, wrong: -1 });
  }
}

beforeAll(async () => {
  await useWasm();
});

test('operands of any shapes that go together', () =>
  fc.assert(
    fc.asyncProperty(shapes, flags, flags, small, seeds, async (shape, one, two, cut, seed) => {
      const a = shape.map((size, axis) => (one[axis] ? 1 : size)).slice(Math.min(cut, 4));
      const b = shape.map((size, axis) => (two[axis] ? 1 : size));
      await expectSame(() => {
        const [x, y] = [random(a, seed), random(b, seed + 1)];
        return [tf.add(x, y), tf.sub(y, x), tf.less(x, y), tf.maximum(x, y)];
      });
    }),
    { numRuns: 60 },
  ));

test('reductions over any axes', () =>
  fc.assert(
    fc.asyncProperty(shapes, flags, fc.boolean(), seeds, async (shape, chosen, keepDims, seed) => {
      const axes = pick(shape, chosen);
      await expectSame(() => {
        const x = random(shape, seed);
        return [tf.sum, tf.mean, tf.max, tf.min].map((reduce) => reduce(x, axes, keepDims));
      });
    }),
    { numRuns: 60 },
  ));

test('transpositions, reversals, slices, paddings and tilings', () =>
  fc.assert(
    fc.asyncProperty(shapes, flags, small, small, seeds, async (shape, chosen, p, q, seed) => {
      const order = shape.map((_, axis) => axis);
      const perm = [...pick(shape, chosen), ...order.filter((axis) => !chosen[axis])];
      const begin = shape.map((size) => Math.min(p, size - 1));
      const end = shape.map((size, axis) => Math.max(begin[axis]! + 1, size - q));
      await expectSame(() => {
        const x = random(shape, seed);
        return [
          tf.transpose(x, perm),
          tf.transpose(x, [...order].reverse()),
          tf.reverse(x, pick(shape, chosen)),
          tf.slice(x, begin, end.map((stop, axis) => stop - begin[axis]!)), // biome-ignore format: short
          tf.stridedSlice(x, begin, end, shape.map(() => q + 1)), // biome-ignore format: short
          tf.pad(x, shape.map((_, axis) => (chosen[axis] ? [p, q] : [q, 0])), 0.5), // biome-ignore format: short
          tf.tile(x, shape.map((_, axis) => (chosen[axis] ? p + 1 : 1))), // biome-ignore format: short
          tf.concat([x, tf.neg(x), x], chosen.indexOf(true) % shape.length),
        ];
      });
    }),
    { numRuns: 60 },
  ));

const windows = fc.record({
  size: fc.integer({ min: 3, max: 8 }),
  channels: fc.constantFrom(1, 3, 5, 17),
  multiplier: fc.integer({ min: 1, max: 3 }),
  filter: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  pad: fc.constantFrom('valid' as const, 'same' as const),
  batch: fc.integer({ min: 0, max: 2 }),
  seed: seeds,
});

test('pools and depthwise convolutions with their gradients', () =>
  fc.assert(
    fc.asyncProperty(windows, async (window) => {
      const { size, channels, multiplier, filter, stride, pad, batch, seed } = window;
      await expectSame(() => {
        const x = random([batch, size, size, channels], seed) as tf.Tensor4D;
        const w = random([filter, filter, channels, multiplier], seed + 1) as tf.Tensor4D;
        const convolve = (a: tf.Tensor, b: tf.Tensor) =>
          tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
        const [dx, dw] = tf.grads(convolve)([x, w]) as [tf.Tensor, tf.Tensor];
        const pools = [tf.maxPool, tf.avgPool].flatMap((pool) => {
          const compute = (a: tf.Tensor) => pool(a as tf.Tensor4D, filter, stride, pad);
          return [compute(x), tf.grad((a: tf.Tensor) => tf.square(compute(a)))(x)];
        });
        return [convolve(x, w), dx, dw, ...pools];
      });
    }),
    { numRuns: 40 },
  ));

/** Functions, their exact values, and where they are tried. */
const FUNCTIONS: [string, (x: tf.Tensor) => tf.Tensor, (x: number) => number, number, number][] = [
  ['exp', tf.exp, Math.exp, -87, 88],
  ['expm1', tf.expm1, Math.expm1, -20, 80],
  ['elu', tf.elu, (x) => (x >= 0 ? x : Math.expm1(x)), -20, 5],
  ['sigmoid', tf.sigmoid, (x) => 1 / (1 + Math.exp(-x)), -20, 20],
  ['tanh', tf.tanh, Math.tanh, -10, 10],
  ['softplus', tf.softplus, (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), -20, 20],
  ['log', tf.log, Math.log, 1e-30, 50],
  ['log1p', tf.log1p, Math.log1p, -0.99, 50],
  ['sin', tf.sin, Math.sin, -1e5, 1e5],
  ['cos', tf.cos, Math.cos, -1e5, 1e5],
  ['pow', (x) => tf.pow(x, 2.7), (x) => x ** Math.fround(2.7), 0, 100],
];

test.each(FUNCTIONS)(
  '%s is right to some units in the last place',
  async (_, op, exact, low, high) => {
    await tf.setBackend('ae-wasm');
    const count = 4000;
    // Evenly over the range, and towards 0.
    const points = Float32Array.from({ length: count }, (_, i) =>
      i % 2 ? low + ((high - low) * i) / count : (i % 4 ? high : low) * 0.99 ** (i / 4),
    );
    const values = tf.tidy(() => op(tf.tensor1d(points)).dataSync()) as Float32Array;
    let worst = 0;
    for (const [i, x] of points.entries()) {
      const expected = exact(x);
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(expected) || 1e-38)) - 23);
      worst = Math.max(worst, Math.abs(values[i]! - expected) / unit);
    }
    expect(worst).toBeLessThan(3);
  },
);
