// The sections of the guide "Better performance with tf.function" about variables and state.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { compile } from './index.js';

beforeAll(() => useWasm({ threads: 1 }));

describe.each(['cpu', 'ae-wasm'])('on %s', (backendName) => {
  beforeAll(() => tf.setBackend(backendName));

  test('variables are read at each call', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile((x: tf.Tensor) => tf.add(x, v));
    expect(f(tf.scalar(1)).dataSync()[0]).toBe(2);
    v.assign(tf.scalar(10));
    expect(f(tf.scalar(1)).dataSync()[0]).toBe(11);
  });

  test('assignments happen at each call, in order', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile((x: tf.Tensor) => {
      const before = tf.mul(v, 1);
      v.assign(tf.add(v, x));
      const between = tf.mul(v, 1);
      v.assign(tf.mul(v, 2));
      return [before, between, v];
    });
    const runs = [1, 2, 3].map((x) => f(tf.scalar(x)).map((part) => part.dataSync()[0]));
    expect(runs).toEqual([
      [1, 2, 4],
      [4, 6, 12],
      [12, 15, 30],
    ]);
    expect(v.dataSync()[0]).toBe(30);
    expect(f.traces).toHaveLength(1);
  });

  test('variables may be swapped, copied and set to arguments', () => {
    const a = tf.variable(tf.scalar(1));
    const b = tf.variable(tf.scalar(2));
    const outside = tf.scalar(50);
    const swap = compile(() => {
      const old = tf.clone(a);
      a.assign(b);
      b.assign(old as tf.Scalar);
    });
    const set = compile((x: tf.Scalar) => {
      a.assign(x);
      b.assign(outside);
    });
    for (let i = 0; i < 3; i++) swap();
    expect([a, b].map((v) => v.dataSync()[0])).toEqual([2, 1]);
    for (const value of [7, 8]) {
      const x = tf.scalar(value);
      set(x);
      x.dispose();
      expect([a, b].map((v) => v.dataSync()[0])).toEqual([value, 50]);
    }
    expect(outside.dataSync()[0]).toBe(50);
  });

  test('an old snapshot keeps its values', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile(() => v.assign(tf.add(v, 1)));
    f();
    const snapshot = v.clone();
    f();
    expect([snapshot.dataSync()[0], v.dataSync()[0]]).toEqual([2, 3]);
  });

  test('variables may be created lazily, by the first call', () => {
    let v: tf.Variable | undefined;
    let runs = 0;
    const count = compile((x: tf.Tensor) => {
      runs++;
      v ??= tf.variable(tf.randomNormal([]));
      v.assign(tf.add(v, x));
      return tf.clone(v);
    });
    const first = count(tf.scalar(1)).dataSync()[0]!;
    const later = [1, 2, 3].map((x) => count(tf.scalar(x)).dataSync()[0]! - first);
    later.forEach((value, i) => {
      expect(value).toBeCloseTo([1, 3, 6][i]!, 5);
    });
    // Once with the creation, once without.
    expect(runs).toBe(2);
    expect(count.traces).toHaveLength(1);
  });

  test('creating variables at every call is an error', () => {
    const names = () => Object.keys(tf.engine().registeredVariables).length;
    const f = compile((x: tf.Tensor) => tf.add(tf.variable(tf.scalar(1)), x), { name: 'wrong' });
    f(tf.scalar(1));
    const before = [names(), tf.memory().numTensors];
    const x = tf.scalar(1);
    expect(() => f(x)).toThrow(
      /'wrong' creates variables.*after its first call.*variables\.test\.ts/,
    );
    x.dispose();
    expect([names(), tf.memory().numTensors]).toEqual(before);
  });

  test('an error while tracing leaves variables as they were', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile((fail: boolean) => {
      v.assign(tf.scalar(2));
      v.assign(tf.scalar(3));
      if (fail) throw new Error('mine');
    });
    const before = tf.memory();
    expect(() => f(true)).toThrow('mine');
    expect(v.dataSync()[0]).toBe(1);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    f(false);
    expect(v.dataSync()[0]).toBe(3);
  });

  test('disposed variables and captured tensors are named', () => {
    const v = tf.variable(tf.scalar(1), true, 'mine');
    const f = compile((x: tf.Tensor) => tf.add(x, v));
    f(tf.scalar(1));
    v.dispose();
    expect(() => f(tf.scalar(1))).toThrow(/variable 'mine'.*disposed/);
    const captured = tf.ones([2]);
    const g = compile((x: tf.Tensor) => tf.add(x, captured));
    g(tf.scalar(1));
    captured.dispose();
    expect(() => g(tf.scalar(1))).toThrow(/float32\[2\] from outside.*disposed/);
  });

  test('calls, traces and dispose leave no tensors behind', () => {
    const v = tf.variable(tf.ones([2, 3]));
    const x = tf.ones([4, 2]);
    const optimizer = tf.train.momentum(0.1, 0.9);
    const step = compile(
      (input: tf.Tensor2D) =>
        optimizer.minimize(
          () => tf.mean(tf.square(tf.tanh(tf.matMul(input, v as tf.Tensor2D)))) as tf.Scalar,
          true,
          [v],
        )!,
    );
    step(x as tf.Tensor2D).dispose();
    step(x as tf.Tensor2D).dispose();
    const before = tf.memory();
    for (let i = 0; i < 10; i++) step(x as tf.Tensor2D).dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    const backend = tf.backend() as tf.KernelBackend;
    const ids = backend.numDataIds();
    step.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(backend.numDataIds()).toBeLessThan(ids);
    step(x as tf.Tensor2D).dispose();
    expect(backend.numDataIds()).toBe(ids);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  test('results belong to the tidy around the call', () => {
    const f = compile((x: tf.Tensor) => [tf.neg(x), tf.abs(x)]);
    const x = tf.ones([3]);
    const before = tf.memory();
    for (let i = 0; i < 3; i++) tf.tidy(() => void f(x));
    const kept = tf.tidy(() => f(x)[0]!);
    expect(kept.arraySync()).toEqual([-1, -1, -1]);
    kept.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
  });

  test('a variable is computed from itself, element by element and not', () => {
    const initial = tf.randomUniform([7, 7], -1, 1, 'float32', 5);
    const weights = tf.randomUniform([7, 7], -1, 1, 'float32', 6) as tf.Tensor2D;
    const rules: [string, (v: tf.Tensor2D) => tf.Tensor][] = [
      ['product', (v) => tf.matMul(v, weights)],
      ['product from the right', (v) => tf.matMul(weights, v)],
      ['product with a bias', (v) => tf.elu(tf.add(tf.matMul(v, v), tf.gather(v, 0)))],
      ['transposition', (v) => tf.transpose(v)],
      ['reversal', (v) => tf.reverse(v, 0)],
      ['sum', (v) => tf.mul(tf.cumsum(v, 0), 0.3)],
      ['softmax', (v) => tf.softmax(v)],
      ['elements', (v) => tf.sub(tf.mul(v, v), tf.mean(v))],
    ];
    for (const [name, rule] of rules) {
      const own = tf.tidy(() => tf.variable(initial.clone()));
      const other = tf.tidy(() => tf.variable(initial.clone()));
      const eager = () => tf.tidy(() => own.assign(rule(own as tf.Variable<tf.Rank.R2>)));
      const step = compile(() => other.assign(rule(other as tf.Variable<tf.Rank.R2>)));
      for (let i = 0; i < 3; i++) {
        eager();
        step();
        expect([name, i, ...other.dataSync()]).toEqual([name, i, ...own.dataSync()]);
      }
    }
  });
});
