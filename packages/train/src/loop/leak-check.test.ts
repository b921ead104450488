import { layer } from '@ae/layer-dict';
import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers } from '@tensorflow/tfjs-layers';
import { adam, fit } from '../index.js';

class Model extends Module {
  readonly dense = layer(layers.dense, { units: 2 });
  readonly raw = layers.dense({ units: 1, inputDim: 2 });
}

const data = (): { x: tf.Tensor2D }[] => Array.from({ length: 8 }, () => ({ x: tf.ones([3, 4]) }));

let warnings: string[];
beforeEach(async () => {
  await tf.setBackend('cpu');
  tf.ones([1]).dispose(); // tfjs recommends its Node backend at the first tensor
  warnings = [];
  jest.spyOn(console, 'warn').mockImplementation((message: string) => void warnings.push(message));
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function train(leak: (hidden: tf.Tensor) => void, leakCheck = true): Promise<void> {
  await fit({
    model: new Model(),
    data: data(),
    loss: (model, { x }) => {
      const hidden = model.dense(x);
      leak(hidden);
      return tf.mean(tf.square(hidden)) as tf.Scalar;
    },
    optimizer: adam(),
    epochs: 2,
    validation: data(),
    leakCheck,
  });
}

test('says nothing of a clean run, and hooks nothing', async () => {
  const { runKernel } = tf.engine();
  await train(() => undefined);
  expect(warnings).toEqual([]);
  expect(tf.engine().runKernel).toBe(runKernel);
});

test('names the operation, the shape and the line of tensors that are left, once', async () => {
  const { runKernel, makeTensor } = tf.engine();
  await train((hidden) => void tf.keep(tf.relu(hidden)));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('Every training step leaves 1 tensors');
  expect(warnings[0]).toContain('Relu of shape [3,2]');
  expect(warnings[0]).toContain('leak-check.test.ts');
  expect(warnings[0]!.split('\n')).toHaveLength(2);
  expect(tf.engine().runKernel).toBe(runKernel);
  expect(tf.engine().makeTensor).toBe(makeTensor);
});

test('names the layer whose output is kept', async () => {
  await train((hidden) => void tf.keep(hidden));
  expect(warnings[0]).toContain("of shape [3,2] in 'dense'");
});

test('names tensors made from values', async () => {
  await train(() => void tf.keep(tf.tensor([1, 2, 3])));
  expect(warnings[0]).toContain('tensor of shape [3]');
});

test('can be turned off', async () => {
  await train(() => void tf.keep(tf.scalar(1)), false);
  expect(warnings).toEqual([]);
});

test('an error of a layer tells its path, also where tfjs tells only its own name', async () => {
  const wrong = (use: (model: Model, x: tf.Tensor) => unknown): Promise<unknown> =>
    fit({
      model: new Model(),
      data: data(),
      loss: (model, { x }) => use(model, x) as tf.Scalar,
      optimizer: adam(),
      steps: 1,
    });
  await expect(
    wrong((model, x) => {
      model.raw.apply(x);
      return model.raw.apply(tf.ones([3, 5]));
    }),
  ).rejects.toThrow("(in 'raw')");
  await expect(
    wrong((model, x) => {
      model.dense(x);
      return model.dense(tf.ones([3, 5]));
    }),
  ).rejects.toThrow("(in 'dense')");
});
