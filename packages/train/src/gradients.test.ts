import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as layers from '@tensorflow/tfjs-layers';
import { MissingKernelsError, valueAndGradients } from './index.js';
import { Regression, regressionData, regressionLoss } from './testing/regression.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const batch = () => regressionData.batches(0).next().value!;

test('agrees with finite differences, by path', () => {
  const model = new Regression();
  const data = batch();
  const before = tf.memory().numTensors;
  const result = valueAndGradients(() => regressionLoss(model, data), model);
  expect([...result.gradients.keys()]).toEqual(['hidden', 'output']);
  const { value, gradients } = result;
  expect(value.dataSync()[0]).toBeCloseTo(
    tf.tidy(() => regressionLoss(model, data).dataSync()[0]!),
    6,
  );
  for (const [path, variable] of model.namedVariables()) {
    const values = variable.dataSync().slice();
    for (let i = 0; i < values.length; i++) {
      const at = (shift: number): number =>
        tf.tidy(() => {
          const moved = values.slice();
          moved[i]! += shift;
          variable.assign(tf.tensor(moved, variable.shape));
          return regressionLoss(model, data).dataSync()[0]!;
        });
      const numeric = (at(1e-2) - at(-1e-2)) / 2e-2;
      expect(gradients.get(path)!.dataSync()[i]).toBeCloseTo(numeric, 3);
    }
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
  result.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('gives other outputs, and owns what it gives', () => {
  const model = new Regression();
  const data = batch();
  const before = tf.memory().numTensors;
  const result = valueAndGradients(() => {
    const predicted = model.predict(data.x);
    // Not new tensors: the caller must be able to dispose of the result all the same.
    return { loss: regressionLoss(model, data), predicted, y: data.y, weights: model.output };
  }, model);
  expect(result.auxiliary.predicted.shape).toEqual([4, 1]);
  expect(result.auxiliary.weights.dataSync()).toEqual(model.output.dataSync());
  result.dispose();
  expect(data.y.isDisposed).toBe(false);
  expect(model.output.isDisposed).toBe(false);
  expect(tf.memory().numTensors).toBe(before);
});

test('includes variables that are made on the way, excludes frozen and unused ones', () => {
  class Late extends Module {
    kernel: tf.Variable | undefined;
    readonly unused = tf.variable(tf.scalar(1));
    readonly frozen = tf.variable(tf.scalar(2));
    loss(): tf.Scalar {
      this.kernel ??= tf.variable(tf.scalar(3));
      return tf.mul(tf.mul(this.kernel, this.kernel), this.frozen) as tf.Scalar;
    }
  }
  const model = new Late();
  model.freeze('frozen');
  const { gradients } = valueAndGradients(() => model.loss(), model);
  expect([...gradients].map(([path, gradient]) => [path, gradient.dataSync()[0]])).toEqual([
    ['kernel', 12],
  ]);
});

test('takes a list of variables', () => {
  const a = tf.variable(tf.scalar(3), true, 'a');
  const { gradients } = valueAndGradients(() => tf.square(a) as tf.Scalar, [a]);
  expect(gradients.get('a')!.dataSync()[0]).toBe(6);
});

test.each<[string, () => tf.Tensor, string]>([
  ['no scalar', () => tf.ones([2]), 'must be a scalar, not a tensor of shape [2]'],
  ['no tensor', () => 3 as unknown as tf.Tensor, 'must return a scalar tensor'],
  [
    'a constant',
    () => tf.scalar(1),
    'depends on none of the 2 trainable variables (hidden, output)',
  ],
  [
    'an error',
    () => {
      throw new Error('mine');
    },
    'mine',
  ],
])('%s: says so and leaves no tensors', (_, compute, message) => {
  const model = new Regression();
  const data = batch();
  const before = tf.memory().numTensors;
  expect(() =>
    valueAndGradients(() => {
      regressionLoss(model, data);
      return { loss: compute(), other: tf.scalar(1) };
    }, model),
  ).toThrow(message);
  expect(tf.memory().numTensors).toBe(before);
});

test('names every kernel that the gradient lacks at once, and leaves no tensors', () => {
  const lacking = ['EluGrad', 'Conv2DBackpropFilter', 'Conv2DBackpropInput'];
  const kernels = lacking.map((name) => tf.getKernel(name, 'cpu'));
  for (const name of lacking) tf.unregisterKernel(name, 'cpu');
  class Picture extends Module {
    readonly first = layers.layers.conv2d({ filters: 2, kernelSize: 2, activation: 'elu' });
    readonly second = layers.layers.conv2d({ filters: 1, kernelSize: 2 });
  }
  const model = new Picture();
  const image = tf.ones([1, 4, 4, 1]);
  const loss = (): tf.Scalar =>
    tf.mean(model.second.apply(model.first.apply(image)) as tf.Tensor) as tf.Scalar;
  tf.tidy(() => void loss()); // builds the layers
  const before = tf.memory().numTensors;
  try {
    let error: unknown;
    try {
      valueAndGradients(loss, model);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(MissingKernelsError);
    const { kernels: missing, neededBy, message } = error as MissingKernelsError;
    expect(missing).toEqual([...lacking].sort());
    expect(neededBy.get('EluGrad')).toEqual(['Elu']);
    expect(message).toContain("The backend 'cpu' lacks 3 kernel(s)");
    expect(message).toContain('Conv2DBackpropFilter (for the gradient of Conv2D)');
    expect(tf.memory().numTensors).toBe(before);
  } finally {
    for (const kernel of kernels) tf.registerKernel(kernel);
  }
  valueAndGradients(loss, model).dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('does not ask for gradients that no variable needs', () => {
  const kernel = tf.getKernel('EluGrad', 'cpu');
  tf.unregisterKernel('EluGrad', 'cpu');
  try {
    const model = new Regression();
    const data = batch();
    const { gradients } = valueAndGradients(
      () => tf.add(regressionLoss(model, data), tf.mean(tf.elu(data.x))) as tf.Scalar,
      model,
    );
    expect(gradients.size).toBe(2);
  } finally {
    tf.registerKernel(kernel);
  }
});
