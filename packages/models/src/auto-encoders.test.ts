import '@tensorflow/tfjs-backend-cpu';
import type { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { AutoEncoder, LazyAutoEncoder, meanSquaredError } from './index.js';

// Silences the CPU backend's advertisement.
beforeAll(() => tf.env().set('IS_NODE', false));

const shapes = (module: Module) =>
  [...module.namedVariables()].map(([path, { shape }]) => `${path} ${shape.join('x')}`);

describe.each([AutoEncoder, LazyAutoEncoder])('%p', (Model) => {
  test('has the shapes and paths of the essay', () => {
    const model = new Model();
    const image = tf.zeros<tf.Rank.R4>([1, 28, 28, 1]);
    const code = model.encode(image);
    expect(code.shape).toEqual([1, 64]);
    expect(model.decode(code).shape).toEqual([1, 28, 28, 1]);
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
  });
});

test('both styles begin with the same weights, whatever runs first', () => {
  const model = new AutoEncoder({ seed: 5 });
  const lazy = new LazyAutoEncoder({ seed: 5 });
  const image = tf.zeros<tf.Rank.R4>([1, 28, 28, 1]);
  model.decode(model.encode(image));
  lazy.decode(tf.zeros([1, 64]));
  lazy.encode(image);
  expect(lazy.stateDict()).toEqual(model.stateDict());
  const other = new AutoEncoder({ seed: 6 });
  other.encode(image);
  expect(other.stateDict().get('enc1/kernel')).not.toEqual(model.stateDict().get('enc1/kernel'));
  const kernel = model.stateDict().get('enc2/kernel')!.data;
  const limit = Math.sqrt(6 / (16 * 32 + 16 * 64));
  expect(Math.max(...kernel)).toBeLessThan(limit);
  expect(Math.max(...kernel)).toBeGreaterThan(0.99 * limit);
});

test('meanSquaredError', () => {
  const loss = meanSquaredError(tf.tensor1d([1, 2]), tf.tensor1d([3, 2]));
  expect(loss.dataSync()[0]).toBe(2);
  expect(() => meanSquaredError(tf.zeros([2, 1]), tf.zeros([2]))).toThrow('meanSquaredError');
});
