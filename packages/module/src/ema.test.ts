import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { ema, Module } from './index.js';

tf.env().set('IS_NODE', false);

function model() {
  return Object.assign(new Module(), {
    weight: tf.variable(tf.scalar(1)),
    count: tf.variable(tf.scalar(0, 'int32'), false),
  });
}

const values = (module: Module): Record<string, number> =>
  Object.fromEntries([...module.stateDict()].map(([path, { data }]) => [path, data[0]!]));

test('moves towards the model, and copies what is not trained', () => {
  const module = model();
  const average = ema(module, 0.75);
  const before = tf.memory().numTensors;
  tf.tidy(() => module.weight.assign(tf.scalar(5)));
  tf.tidy(() => module.count.assign(tf.scalar(7, 'int32')));
  average.update();
  expect(values(average)).toEqual({ weight: 2, count: 7 });
  average.update();
  expect(values(average)).toEqual({ weight: 2.75, count: 7 });
  expect(average.trainableVariables).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});

test('apply lends the model the averaged values, also when it fails', async () => {
  const module = model();
  const average = ema(module, 0);
  tf.tidy(() => module.weight.assign(tf.scalar(5)));
  const seen = (): number => module.weight.dataSync()[0]!;
  expect(average.apply(seen)).toBe(1);
  expect(seen()).toBe(5);
  expect(() =>
    average.apply(() => {
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(seen()).toBe(5);
  expect(await average.apply(async () => seen())).toBe(1);
  expect(seen()).toBe(5);
  await expect(
    average.apply(async () => {
      throw new Error('stop');
    }),
  ).rejects.toThrow('stop');
  expect([seen(), values(average).weight]).toEqual([5, 1]);
});

test('takes in variables that are made later, and continues from a loaded state', () => {
  const module = Object.assign(new Module(), {
    dense: layers.dense({ units: 1, useBias: false, kernelInitializer: 'ones' }),
  });
  const average = ema(module, 0.5);
  average.loadStateDict(
    new Map([['dense/kernel', { dtype: 'float32', shape: [1, 1], data: Float32Array.of(3) }]]),
  );
  module.dense.apply(tf.zeros([1, 1]));
  average.update();
  expect(values(average)).toEqual({ 'dense/kernel': 2 });
  const fresh = ema(module, 0.5);
  fresh.update();
  expect(values(fresh)).toEqual({ 'dense/kernel': 1 });
});

test('its state loads into the model', () => {
  const module = model();
  const average = ema(module, 0.5);
  tf.tidy(() => module.weight.assign(tf.scalar(5)));
  module.copyFrom(average);
  expect(values(module).weight).toBe(1);
});

test('refuses a decay outside of 0 .. 1', () => {
  expect(() => ema(model(), 1.5)).toThrow('the decay must be between 0 and 1, not 1.5');
  expect(() => ema(model(), Number.NaN)).toThrow('NaN');
});
