import '@tensorflow/tfjs-backend-cpu';
import type { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { AutoEncoder, LazyAutoEncoder, meanSquaredError } from './index.js';

// Silences the CPU backend's advertisement.
tf.env().set('IS_NODE', false);

const image = tf.zeros<tf.Rank.R4>([1, 28, 28, 1]);

const shapes = (module: Module): string[] =>
  [...module.namedVariables()].map(([path, { shape }]) => `${path} ${shape.join('x')}`);

test('both styles have the shapes and paths of the essay, and begin with the same weights', () => {
  const model = new AutoEncoder({ seed: 5 });
  const lazy = new LazyAutoEncoder({ seed: 5 });
  expect(model.call(image).shape).toEqual([1, 28, 28, 1]);
  // In another order, which must not matter.
  expect(lazy.decode(tf.zeros([1, 64])).shape).toEqual([1, 28, 28, 1]);
  expect(lazy.encode(image).shape).toEqual([1, 64]);
  expect(shapes(model)).toEqual([
    'code/bias 64',
    'code/kernel 128x64',
    'dec1/bias 128',
    'dec1/kernel 5x5x128x64',
    'dec2/bias 64',
    'dec2/kernel 5x5x64x128',
    'dec3/bias 1',
    'dec3/kernel 4x4x1x64',
    'enc1/bias 32',
    'enc1/kernel 4x4x1x32',
    'enc2/bias 64',
    'enc2/kernel 4x4x32x64',
    'enc3/bias 128',
    'enc3/kernel 4x4x64x128',
  ]);
  expect(lazy.stateDict()).toEqual(model.stateDict());
  const kernel = model.variable('enc2/kernel').dataSync();
  const limit = Math.sqrt(6 / (16 * 32 + 16 * 64));
  expect(Math.max(...kernel)).toBeLessThan(limit);
  expect(Math.max(...kernel)).toBeGreaterThan(0.99 * limit);
});

test.each([AutoEncoder, LazyAutoEncoder])(
  '%p takes the size of its code, and a seed or none',
  (Model) => {
    const code = (options?: { codeSize?: number; seed?: number }): tf.Tensor2D =>
      new Model(options).encode(tf.ones([2, 28, 28, 1]));
    expect(code({ codeSize: 3 }).shape).toEqual([2, 3]);
    expect(code().dataSync()).toEqual(code({ seed: 0 }).dataSync());
    expect(code({ seed: 6 }).dataSync()).not.toEqual(code().dataSync());
  },
);

test('meanSquaredError', () => {
  const loss = meanSquaredError(tf.tensor1d([1, 2]), tf.tensor1d([3, 2]));
  expect(loss.dataSync()[0]).toBe(2);
  expect(() => meanSquaredError(tf.zeros([2, 1]), tf.zeros([2]))).toThrow('meanSquaredError');
});
