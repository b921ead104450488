import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { useWasm } from '../../dist/index.js';

const MiB = 2 ** 20;

type HeapInfo = tf.MemoryInfo & { heapBytes: number; scratchBytes: number };

beforeAll(async () => {
  tf.env().set('IS_TEST', true);
  await useWasm({ memoryLimit: 64 * MiB });
});

afterEach(() => expect(tf.memory().numTensors).toBe(0));

test('a tensor that does not fit is refused with what was asked and what is in use', () => {
  const held = tf.ones([4 * MiB]);
  expect(() => tf.ones([32 * MiB])).toThrow(/128\.0 MiB were asked.* 16\.0 MiB are in use by 1 /);
  expect(held.dataSync()[4 * MiB - 1]).toBe(1);
  tf.dispose(held);
});

test('sizes beyond 32 bits do not wrap around', () => {
  expect(() => tf.zeros([2 ** 30])).toThrow(/4096\.0 MiB were asked/);
  expect(() => tf.zeros([2 ** 30 + 1])).toThrow(/Out of WASM memory/);
});

test('operations fail one by one and the rest goes on', () => {
  const held = tf.tidy(() => tf.keep(tf.ones([6 * MiB])));
  for (let round = 0; round < 3; round++) {
    expect(() => tf.tidy(() => tf.concat([held, held, held]))).toThrow(/Out of WASM memory/);
    expect(tf.tidy(() => tf.sum(held).dataSync()[0])).toBe(6 * MiB);
  }
  tf.dispose(held);
  const again = tf.ones([6 * MiB]);
  expect(again.dataSync()[6 * MiB - 1]).toBe(1);
  tf.dispose(again);
});

test('a tensor of another backend that does not fit is not lost', async () => {
  await tf.setBackend('cpu');
  const large = tf.tensor1d(new Float32Array(20 * MiB).fill(3));
  await tf.setBackend('ae-wasm');
  expect(() => tf.neg(large)).toThrow(/80\.0 MiB were asked/);
  expect(large.dataSync()[20 * MiB - 1]).toBe(3);
  await tf.setBackend('cpu');
  expect(tf.tidy(() => tf.slice(large, 5, 1).dataSync()[0])).toBe(3);
  tf.dispose(large);
  await tf.setBackend('ae-wasm');
});

test('steps on batches of different sizes leave the heap as it was', () => {
  const filter = tf.tidy(() => tf.variable(tf.ones([3, 3, 1, 4]) as tf.Tensor4D));
  const dense = tf.tidy(() => tf.variable(tf.ones([36, 2]) as tf.Tensor2D));
  const optimizer = tf.train.sgd(1e-4);
  const step = (i: number) => {
    // Batches differ in size, as the last one of an epoch does.
    const image = tf.ones([1 + (i % 3), 8, 8, 1]) as tf.Tensor4D;
    optimizer.minimize(() => {
      const hidden = tf.relu(tf.conv2d(image, filter, 2, 'valid'));
      return tf.mean(tf.square(tf.matMul(tf.reshape(hidden, [-1, 36]), dense)));
    });
    tf.dispose(image);
  };
  for (let i = 0; i < 100; i++) step(i);
  const { numTensors, heapBytes, scratchBytes } = tf.memory() as HeapInfo;
  for (let i = 0; i < 1000; i++) step(i);
  expect(tf.memory()).toMatchObject({ numTensors, heapBytes, scratchBytes });
  optimizer.dispose();
  tf.dispose([filter, dense]);
});

test('views of larger buffers are written as the part they show', () => {
  const whole = Float32Array.from({ length: 100 }, (_, i) => i);
  const part = tf.tensor1d(whole.subarray(10, 14));
  expect(Array.from(part.dataSync())).toEqual([10, 11, 12, 13]);
  tf.dispose(part);
});

test('values of another type are converted, not reinterpreted', () => {
  const mixed = tf.tensor([1.5, 2, 0] as number[], [3], 'int32');
  expect(Array.from(mixed.dataSync())).toEqual([1, 2, 0]);
  const bytes = tf.tensor(new Uint8Array([1, 2, 3]), [3], 'float32');
  expect(Array.from(bytes.dataSync())).toEqual([1, 2, 3]);
  tf.dispose([mixed, bytes]);
});

test('strings and empty tensors', () => {
  tf.tidy(() => {
    const words = tf.tensor(['a', 'b', 'c']);
    expect(words.dataSync()).toEqual(['a', 'b', 'c']);
    expect(tf.slice(words, 1, 2).dataSync()).toEqual(['b', 'c']);
    expect(tf.zeros([0, 3]).dataSync()).toHaveLength(0);
    expect(tf.concat([tf.zeros([0, 3]), tf.ones([1, 3])]).shape).toEqual([1, 3]);
  });
});

test('what operations derive from weights follows a change in place', () => {
  tf.tidy(() => {
    const image = tf.ones([1, 3, 3, 1]) as tf.Tensor4D;
    const filter = tf.ones([3, 3, 1, 1]) as tf.Tensor4D;
    expect(tf.depthwiseConv2d(image, filter, 1, 'valid').dataSync()[0]).toBe(9);
    const backend = tf.backend() as unknown as { typedArrayFromHeap(x: tf.Tensor): Float32Array };
    backend.typedArrayFromHeap(filter).fill(2);
    expect(tf.depthwiseConv2d(image, filter, 1, 'valid').dataSync()[0]).toBe(18);
    const negative = tf.fill([1, 4], -1);
    const alpha = tf.ones([1, 4]);
    expect(tf.prelu(negative, alpha).dataSync()[0]).toBe(-1);
    backend.typedArrayFromHeap(alpha).fill(0.5);
    expect(tf.prelu(negative, alpha).dataSync()[0]).toBe(-0.5);
  });
});
