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

  test('with the arguments and variables of the moment', () => {
    const w = tf.variable(tf.tensor1d([0.5, -0.5]));
    let runs = 0;
    const eager = (x: tf.Tensor, { more }: { more: tf.Tensor }) => {
      const hidden = tf.elu(tf.mul(tf.sub(x, more), w));
      return { hidden, sum: tf.sum(tf.mul(hidden, w)), sign: tf.cast(tf.sign(x), 'int32') };
    };
    const compiled = compile((...args: Parameters<typeof eager>) => {
      runs++;
      return eager(...args);
    });
    const through = (f: typeof eager, x: tf.Tensor, more: tf.Tensor) => {
      const all = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(() => {
          const { hidden, sum, sign } = f(x, { more });
          return tf.add(
            tf.sum(tf.mul(hidden, tf.cast(sign, 'float32'))),
            tf.square(sum),
          ) as tf.Scalar;
        }, [w]);
        const byInput = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.square(f(a, { more: b }).sum))([
          x,
          more,
        ]);
        return [value, grads[w.name]!, ...byInput];
      });
      return values(all);
    };
    for (let i = 1; i < 5; i++) {
      const x = tf.tensor1d([i, -i / 2]);
      const more = tf.tensor1d([0.25, i]);
      expect(through(compiled, x, more)).toEqual(through(eager, x, more));
      expect(through(compiled, x, x)).toEqual(through(eager, x, x));
      w.assign(tf.mul(w, -0.7));
    }
    // Eagerly, then traced; later calls run programs.
    expect(runs).toBe(2);
  });

  test('dropout has the same mask in both directions', () => {
    const compiled = compile((x: tf.Tensor) => tf.dropout(x, 0.5));
    const x = tf.ones([8, 8]);
    const masks = [1, 2, 3, 4].map(() => {
      const { value, grad } = tf.valueAndGrad((a: tf.Tensor) => {
        const y = compiled(a);
        return tf.sum(tf.mul(y, y));
      })(x);
      // The gradient of the sum of squares of m * x is 2 m^2 x.
      expect(tf.sum(grad).dataSync()[0]).toBe(value.dataSync()[0]! * 2);
      return String(grad.dataSync());
    });
    expect(new Set(masks).size).toBe(4);
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
    // Eagerly, then traced.
    run();
    run();
    const before = tf.memory();
    for (let i = 0; i < 5; i++) run();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    compiled.dispose();
    run();
    run();
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
