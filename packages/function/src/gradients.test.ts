// Gradients inside of compiled functions and through them.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { compile } from './index.js';

beforeAll(() => useWasm({ threads: 1 }));

describe.each(['cpu', 'ae-wasm'])('on %s', (backend) => {
  beforeAll(() => tf.setBackend(backend));

  const layer = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => tf.tanh(tf.mul(tf.add(x, 1), w));
  const values = (tensors: readonly (tf.Tensor | null | undefined)[]) =>
    tensors.map((t) => t?.dataSync());

  test('by arguments, through a function that has a program already', () => {
    const compiled = compile(layer);
    const x = tf.tensor1d([1, 2, 3, 4]);
    const w = tf.tensor1d([0.5, -0.5, 0.25, 2]);
    compiled(x, w);
    compiled(x, w);
    const through = (f: typeof layer) =>
      values(tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(f(a, b))))([x, w]));
    for (let i = 0; i < 3; i++) expect(through(compiled)).toEqual(through(layer));
  });

  test('by variables that the function uses', () => {
    const w = tf.variable(tf.tensor1d([0.5, -0.5, 0.25, 2]));
    const eager = (x: tf.Tensor) => layer(x, w);
    const compiled = compile(eager);
    const x = tf.tensor1d([1, 2, 3, 4]);
    const through = (f: typeof eager) => {
      const { value, grads } = tf.variableGrads(() => tf.sum(f(x)) as tf.Scalar, [w]);
      return values([value, grads[w.name]!]);
    };
    for (let i = 0; i < 3; i++) {
      expect(through(compiled)).toEqual(through(eager));
      w.assign(tf.mul(w, 0.5));
    }
  });

  test('of a function within a compiled one, and of second order', () => {
    const inner = compile((x: tf.Tensor) => tf.pow(x, tf.scalar(3)));
    const first = (x: tf.Tensor) => tf.grad((a: tf.Tensor) => tf.sum(inner(a)))(x);
    const second = (x: tf.Tensor) => tf.grad((a: tf.Tensor) => tf.sum(first(a)))(x);
    const x = tf.tensor1d([0.3, 0.7]);
    for (const f of [first, second]) {
      const compiled = compile(f);
      for (let i = 0; i < 3; i++) expect(values([compiled(x)])).toEqual(values([f(x)]));
      expect(compiled.traces).toHaveLength(1);
    }
  });

  test('of custom gradients', () => {
    const clipped = tf.customGrad((...args: unknown[]) => {
      const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
      save([x]);
      return {
        value: tf.square(x),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
          tf.mul(dy, tf.clipByValue(saved[0]!, -1, 1)),
      };
    });
    const f = (x: tf.Tensor) => tf.grad((a: tf.Tensor) => tf.sum(clipped(a)))(x);
    const compiled = compile(f, { strict: true });
    for (const x of [
      [0.5, 3],
      [-4, 0],
    ]) {
      expect(values([compiled(tf.tensor1d(x))])).toEqual(values([f(tf.tensor1d(x))]));
    }
  });

  test('many gradients leave no tensors behind', () => {
    const compiled = compile(layer);
    const x = tf.tensor1d([1, 2]);
    const run = () => tf.tidy(() => void tf.grad((a: tf.Tensor) => tf.sum(compiled(a, a)))(x));
    run();
    const before = tf.memory();
    for (let i = 0; i < 5; i++) run();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
