import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { sequential, layers as theirs } from '@tensorflow/tfjs-layers';
import { layers } from './index.js';

// The numbers are compared with Keras's in packages/conformance; here is what that cannot see.

test('whatever tfjs-layers has is here', () => {
  for (const name of Object.keys(theirs)) expect(layers).toHaveProperty(name);
});

test('what tfjs-layers would pass over in silence is refused', () => {
  const options = { filters: 4, kernelSize: 2, groups: 2 };
  expect(() => layers.conv2d(options)).toThrow('groups (2)');
  expect(() => layers.conv2dTranspose(options)).toThrow('groups (2)');
  const dilated = { filters: 4, kernelSize: 2, dilationRate: [2, 2] as [number, number] };
  expect(() => layers.conv2dTranspose(dilated)).toThrow('dilationRate');
});

test('whatever is repaired is repaired under all its names', () => {
  for (const [name, other] of [
    ...[1, 2, 3].flatMap((n) => [
      [`avgPool${n}d`, `averagePooling${n}d`],
      [`avgPooling${n}d`, `averagePooling${n}d`],
    ]),
    ...[1, 2].map((n) => [`globalMaxPool${n}d`, `globalMaxPooling${n}d`]),
  ] as [keyof typeof layers, keyof typeof layers][]) {
    expect(theirs).toHaveProperty(name);
    expect(layers[name]).toBe(layers[other]);
  }
});

test('cells have the gates that their layers have', () => {
  expect(layers.lstmCell({ units: 2 }).getConfig()).toMatchObject({
    recurrentActivation: 'sigmoid',
    unitForgetBias: true,
  });
  const series = tf.ones([1, 3, 2]);
  const cell = layers.gruCell({ units: 2, recurrentInitializer: 'zeros' });
  const output = layers.rnn({ cell }).apply(series) as tf.Tensor;
  expect(output.shape).toEqual([1, 2]);
  expect(cell.getWeights().map(({ shape }) => shape)).toEqual([
    [2, 6],
    [2, 6],
    [2, 6],
  ]);
});

test("tfjs-layers' own hard sigmoid stays what it was", () => {
  layers.activation({ activation: 'hardSigmoid' });
  const theirOwn = theirs.activation({ activation: 'hardSigmoid' });
  const output = theirOwn.apply(tf.tensor2d([[1]])) as tf.Tensor;
  expect(output.dataSync()[0]).toBeCloseTo(0.7, 6);
});

test('repaired layers know their output shapes, so they go into a sequential model', () => {
  const model = sequential({
    layers: [
      layers.conv1d({ filters: 4, kernelSize: 2, padding: 'causal', inputShape: [8, 3] }),
      layers.averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' }),
      layers.conv1dTranspose({ filters: 5, kernelSize: 3, strides: 2 }),
      layers.layerNormalization({ scale: false }),
    ],
  });
  expect(model.outputShape).toEqual([null, 9, 5]);
  const output = model.predict(tf.ones([2, 8, 3])) as tf.Tensor;
  expect(output.shape).toEqual([2, 9, 5]);
});

test('impossible combinations are refused', () => {
  expect(() => layers.gru({ units: 2, dropout: 0.5 })).toThrow('resetAfter: false');
  const causal = { filters: 2, kernelSize: 2, padding: 'causal' as const };
  expect(() => layers.conv1dTranspose(causal)).toThrow('causal');
});

test.each(['same', 'valid'] as const)(
  'pooling with %s padding leaves no tensors behind',
  (padding) => {
    const layer = layers.averagePooling2d({ poolSize: 3, strides: 2, padding });
    const image = tf.ones([1, 5, 4, 2]);
    const before = tf.memory().numTensors;
    const output = layer.apply(image) as tf.Tensor;
    expect(tf.memory().numTensors).toBe(before + 1);
    // The average of ones is one, at the edges too.
    expect([...output.dataSync()].every((x) => Math.abs(x - 1) < 1e-6)).toBe(true);
  },
);
