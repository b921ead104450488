import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { useWasm } from '../../dist/index.js';

beforeAll(async () => {
  await useWasm();
});

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const list = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];
const firstRow = (matrix: tf.Tensor): number[] => list(tf.slice(matrix, [0, 0], [1, -1]));
const counted = (shape: number[]): tf.Tensor =>
  tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape);

describe('what tfjs-backend-wasm gets wrong', () => {
  test('weights of one buffer under two shapes', () => {
    const w = tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8]);
    const x = tf.ones([3, 2]) as tf.Tensor2D;
    const y = tf.ones([2, 4]) as tf.Tensor2D;
    expect(firstRow(tf.matMul(x, tf.reshape(w, [2, 4])))).toEqual([6, 8, 10, 12]);
    expect(firstRow(tf.matMul(y, tf.reshape(w, [4, 2])))).toEqual([16, 20]);
    expect(firstRow(tf.matMul(x, tf.reshape(w, [2, 4])))).toEqual([6, 8, 10, 12]);
  });

  test('the bias of a fused product counts once, however long the sum', () => {
    for (const k of [47, 48, 49, 200]) {
      const product = tf.fused.matMul({
        a: tf.ones([2, k]),
        b: tf.ones([3, k]),
        transposeB: true,
        bias: tf.tensor1d([1, 2, -1000]),
        activation: 'relu',
      });
      expect(list(product)).toEqual([k + 1, k + 2, 0, k + 1, k + 2, 0]);
    }
  });

  test('a filter that changes in place', () => {
    const x = tf.ones([1, 3, 3, 2]) as tf.Tensor4D;
    for (const convolve of [tf.conv2d, tf.depthwiseConv2d]) {
      const filter = tf.ones([2, 2, 2, 1]) as tf.Tensor4D;
      const before = list(convolve(x, filter, 1, 'valid'));
      const backend = tf.backend() as unknown as {
        typedArrayFromHeap(tensor: tf.Tensor): Float32Array;
      };
      backend.typedArrayFromHeap(filter).fill(3);
      expect(list(convolve(x, filter, 1, 'valid'))).toEqual(before.map((value) => 3 * value));
    }
  });

  test('a stride longer than the filter', () => {
    const x = counted([1, 4, 4, 1]) as tf.Tensor4D;
    const filter = tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
    expect(list(tf.conv2d(x, filter, 3, 'same'))).toEqual([0, 3, 12, 15]);
    expect(list(tf.depthwiseConv2d(x, filter, 3, 'same'))).toEqual([0, 3, 12, 15]);
    expect(list(tf.maxPool(x, 1, 3, 'same'))).toEqual([0, 3, 12, 15]);
    expect(list(tf.avgPool(x, 1, 3, 'same'))).toEqual([0, 3, 12, 15]);
  });

  test('float32 to bool is 0 or 1', () => {
    const values = [0, -0, 0.25, 1, -3, 256, 1e-30, Number.NaN, Number.POSITIVE_INFINITY];
    expect(list(tf.cast(tf.tensor1d(values), 'bool'))).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1]);
    expect(list(tf.cast(tf.tensor1d([0, 256, -1], 'int32'), 'bool'))).toEqual([0, 1, 1]);
  });

  test('NaN shows', () => {
    const x = tf.tensor1d([1, Number.NaN, -1, 0.5, 2]);
    const compute: ((x: tf.Tensor) => tf.Tensor)[] = [
      (y) => tf.clipByValue(y, -1, 1),
      tf.relu,
      tf.relu6,
      tf.elu,
      tf.selu,
      (y) => tf.leakyRelu(y, 0.1),
      (y) => tf.maximum(y, 0),
      (y) => tf.minimum(y, 0),
      tf.step,
      tf.tanh,
      tf.sigmoid,
      tf.softplus,
      tf.log1p,
      tf.exp,
    ];
    for (const [i, op] of compute.entries()) {
      const result = list(op(x));
      expect([i, ...result.map(Number.isNaN)]).toEqual([i, false, true, false, false, false]);
    }
    for (const op of [tf.max, tf.min, tf.sum, tf.mean]) {
      expect(list(op(x))).toEqual([Number.NaN]);
    }
    expect(
      list(tf.maxPool(tf.reshape(x, [1, 5, 1, 1]) as tf.Tensor4D, [2, 1], 1, 'valid')),
    ).toEqual([Number.NaN, Number.NaN, 0.5, 2]);
  });

  test('pooling, maxima and dilation of negative numbers', () => {
    const x = tf.fill([1, 2, 2, 1], -5) as tf.Tensor4D;
    expect(list(tf.maxPool(x, 2, 1, 'same'))).toEqual([-5, -5, -5, -5]);
    expect(list(tf.maxPool3d(tf.reshape(x, [1, 1, 2, 2, 1]) as tf.Tensor5D, 2, 1, 'same'))).toEqual(
      [-5, -5, -5, -5],
    );
    expect(list(tf.maxPoolWithArgmax(x, 2, 1, 'same').result!)).toEqual([-5, -5, -5, -5]);
    expect(list(tf.dilation2d(x, tf.zeros([2, 2, 1]) as tf.Tensor3D, 1, 'same'))).toEqual([
      -5, -5, -5, -5,
    ]);
    expect(list(tf.max(x))).toEqual([-5]);
  });

  test('functions of integers and of huge numbers end, and are those numbers’ functions', () => {
    expect(list(tf.asin(tf.tensor1d([0, 1], 'int32')))).toEqual([0, 1]);
    expect(list(tf.cos(tf.tensor1d([1e30])))[0]).toBeCloseTo(Math.cos(Math.fround(1e30)), 6);
    expect(list(tf.cumsum(tf.tensor2d([[1, 2], [3, 4]]), -1))).toEqual([1, 3, 3, 7]); // biome-ignore format: short
  });
});

describe('sums', () => {
  const size = 2 ** 20;
  const exact = size * Math.fround(0.1);

  test.each([
    ['all', [size], [0]],
    ['columns', [size / 16, 16], [0]],
    ['rows', [16, size / 16], [1]],
    ['the outer axes of four', [64, 16, 64, 16], [0, 1, 2]],
    ['the middle of three', [4, size / 64, 16], [1]],
  ])('of %s are right to the last bit', (_, shape, axes) => {
    const x = tf.fill(shape, 0.1);
    const sums = list(tf.sum(x, axes));
    expect(new Set(sums)).toEqual(new Set([Math.fround(exact / sums.length)]));
    expect(new Set(list(tf.mean(x, axes)))).toEqual(new Set([Math.fround(0.1)]));
  });

  test('of large and small numbers keep the small ones', () => {
    const values = Array.from({ length: 4096 }, (_, i) => (i === 0 ? 2 ** 24 : 1));
    expect(list(tf.sum(tf.tensor1d(values)))).toEqual([Math.fround(2 ** 24 + 4095)]);
  });

  test('of integers wrap around as int32 does', () => {
    expect(list(tf.sum(tf.fill([5], 2 ** 30, 'int32')))).toEqual([(5 * 2 ** 30) | 0]);
  });
});

describe('copies', () => {
  test('clones, reshapes and casts to the same type share their data', () => {
    const x = tf.randomNormal([100, 100]);
    const { numDataBuffers } = tf.memory();
    const others = [
      tf.clone(x),
      tf.reshape(x, [-1]),
      tf.cast(x, 'float32'),
      tf.transpose(tf.reshape(x, [1, 10000])),
    ];
    expect(tf.memory()).toMatchObject({ numDataBuffers });
    x.dispose();
    expect(others.map((each) => each.dataSync().length)).toEqual([10000, 10000, 10000, 10000]);
  });

  test('an index outside of a gathered axis is an error that names it', () => {
    const x = tf.ones([3, 2]);
    const { numTensors } = tf.memory();
    expect(() => tf.gather(x, tf.tensor1d([0, 7], 'int32'))).toThrow(
      'GatherV2: the index value 7 (number 1 of the indices) is not in [0, 2], the range of axis 0 of shape [3,2]',
    );
    expect(tf.memory().numTensors).toBe(numTensors + 1);
  });

  test('tensors of six dimensions and of none', () => {
    const x = counted([2, 2, 2, 2, 2, 2]);
    const y = tf.transpose(x, [5, 4, 3, 2, 1, 0]);
    expect(list(tf.transpose(y, [5, 4, 3, 2, 1, 0]))).toEqual(list(x));
    expect(list(tf.sum(x, [0, 2, 4]))).toEqual(list(tf.transpose(tf.sum(y, [1, 3, 5]), [2, 1, 0])));
    const none = tf.zeros([0, 3]);
    for (const result of [
      tf.relu(none),
      tf.add(none, 1),
      tf.transpose(none, [1, 0]),
      tf.tile(none, [1, 2]),
    ]) {
      expect(result.size).toBe(0);
    }
    expect(list(tf.sum(none, 0))).toEqual([0, 0, 0]);
    expect(list(tf.concat([none, tf.ones([1, 3])], 0))).toEqual([1, 1, 1]);
  });
});

describe('depthwise convolution with the channels first', () => {
  test('is that of the same image with the channels last', () => {
    const x = tf.randomNormal([2, 5, 6, 3], 0, 1, 'float32', 1) as tf.Tensor4D;
    const filter = tf.randomNormal([3, 2, 3, 2], 0, 1, 'float32', 2) as tf.Tensor4D;
    const last = tf.depthwiseConv2d(x, filter, [1, 2], 'same');
    const first = tf.transpose(x, [0, 3, 1, 2]);
    const result = tf.depthwiseConv2d(first, filter, [1, 2], 'same', 'NCHW');
    expect(list(tf.transpose(result, [0, 2, 3, 1]))).toEqual(list(last));
    const blocks = tf.randomNormal([1, 4, 2, 3], 0, 1, 'float32', 3) as tf.Tensor4D;
    const spread = tf.depthToSpace(tf.transpose(blocks, [0, 2, 3, 1]) as tf.Tensor4D, 2);
    expect(list(tf.transpose(tf.depthToSpace(blocks, 2, 'NCHW'), [0, 2, 3, 1]))).toEqual(
      list(spread),
    );
  });
});

test('a kernel that finds no room leaves nothing behind', async () => {
  tf.engine().endScope();
  tf.engine().reset();
  await useWasm({ memoryLimit: 48 * 2 ** 20 });
  tf.engine().startScope();
  const x = tf.ones([2 ** 21]);
  const { heap } = tf.backend() as unknown as { heap: { tensorBytes: number } };
  const bytes = heap.tensorBytes;
  const { numTensors } = tf.memory();
  const attempts: (() => unknown)[] = [
    () => tf.split(tf.tile(x, [2]), 2),
    () => tf.split(x, 8).map((part) => tf.tile(part, [9])),
    () => tf.concat([x, x, x, x, x]),
    () => tf.addN([x, tf.add(x, 1), tf.add(x, 2), tf.add(x, 3)]),
    () => tf.mean(tf.cast(tf.concat([x, x, x, x]), 'int32')),
    () =>
      tf
        .engine()
        .runKernel(
          'AdamUpdate',
          { values: [x], gradients: [x], firstMoments: [x], secondMoments: [x] } as never,
          { stepSize: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: [0] },
        ),
  ];
  let failed = 0;
  for (const attempt of attempts) {
    try {
      tf.tidy(() => {
        attempt();
      });
    } catch (error) {
      failed++;
      expect((error as Error).message).toMatch(/^Out of WASM memory: .* MiB were asked for/);
    }
    expect(heap.tensorBytes).toBe(bytes);
    expect(tf.memory().numTensors).toBe(numTensors);
  }
  expect(failed).toBeGreaterThan(2);
  expect(list(tf.sum(x))).toEqual([2 ** 21]);
  tf.engine().endScope();
  tf.engine().reset();
  await useWasm();
  tf.engine().startScope();
});

test('softmax shows a NaN wherever it stands in its row, and only there', () => {
  for (const columns of [1, 3, 16, 21, 37]) {
    for (let place = 0; place < columns; place++) {
      const data = new Float32Array(2 * columns).fill(0.5);
      data[place] = Number.NaN;
      const result = tf.tidy(() => [...tf.softmax(tf.tensor2d(data, [2, columns])).dataSync()]);
      expect(result.slice(0, columns).every(Number.isNaN)).toBe(true);
      for (const value of result.slice(columns)) expect(value).toBeCloseTo(1 / columns, 6);
      // Its power is beyond float32, unless it is found to be the largest.
      data[place] = 89.3;
      const steep = tf.tidy(() => [...tf.softmax(tf.tensor2d(data, [2, columns])).dataSync()]);
      expect(steep.indexOf(1)).toBe(place);
    }
  }
});
