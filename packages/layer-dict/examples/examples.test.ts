import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import type { Module } from '@ae/module';
import { withStep } from '@ae/random';
import * as tf from '@tensorflow/tfjs-core';
import { CalibratedClassifier } from './functional-model.js';
import { ResidualNetwork } from './nested-blocks.js';
import { LanguageModel } from './shared-embedding.js';

tf.env().set('IS_NODE', false);

/** Trains for some steps; gives the first and the last loss, and sees to it that nothing leaks. */
function train(model: Module, steps: number, loss: () => tf.Scalar): [number, number] {
  tf.tidy(() => void loss());
  const optimizer = tf.train.adam(0.01);
  const losses: number[] = [];
  let tensors = 0;
  for (let step = 0; step < steps; step++) {
    withStep(0, step, () => {
      const value = optimizer.minimize(loss, true, model.trainableVariables)!;
      losses.push(value.dataSync()[0]!);
      value.dispose();
    });
    if (step === 0) tensors = tf.memory().numTensors;
  }
  expect(tf.memory().numTensors).toBe(tensors);
  return [losses[0]!, losses.at(-1)!];
}

test('the shared embedding is one variable, under its shortest path, and learns both uses', () => {
  const model = new LanguageModel({ seed: 1 });
  expect([...model.namedVariables().keys()]).toEqual([
    'embedding/table',
    'mlp/layers/0/b',
    'mlp/layers/0/w',
    'mlp/layers/1/b',
    'mlp/layers/1/w',
  ]);
  const token = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32');
  const next = tf.tensor1d([3, 1, 4, 1, 5, 2, 6, 5], 'int32');
  const [first, last] = train(model, 100, () => model.loss(token, next));
  expect(first).toBeGreaterThan(1.5);
  expect(last).toBeLessThan(0.05);
  expect(Array.from(tf.argMax(model.call(token), 1).dataSync())).toEqual(
    Array.from(next.dataSync()),
  );
});

test('nested blocks have nested paths, and learn', () => {
  const model = new ResidualNetwork({ seed: 1, width: 8, depth: 2 });
  const x = tf.expandDims(tf.linspace(-1, 1, 16), 1) as tf.Tensor2D;
  const y = tf.sin(tf.mul(x, 3));
  const training = { training: true };
  const [first, last] = train(model, 60, () =>
    tf.mean(tf.squaredDifference(model.call(x, training), y)),
  );
  expect(last).toBeLessThan(first / 3);
  expect([...model.namedVariables().keys()].filter((path) => !path.endsWith('bias'))).toEqual([
    'block/0/expand/kernel',
    'block/0/norm/beta',
    'block/0/norm/gamma',
    'block/0/project/kernel',
    'block/1/expand/kernel',
    'block/1/norm/beta',
    'block/1/norm/gamma',
    'block/1/project/kernel',
    'head/linear/kernel',
    'stem/kernel',
  ]);
});

test('a functional model is a part like any other', () => {
  const model = new CalibratedClassifier(1);
  expect(model.stateDict()).toEqual(new CalibratedClassifier(1).stateDict());
  expect([...model.namedVariables().keys()]).toEqual([
    'network/dense/bias',
    'network/dense/kernel',
    'network/hidden/bias',
    'network/hidden/kernel',
    'temperature',
  ]);
  const points = [...Array(30).keys()].map((i) => [Math.cos(i), Math.sin(i)] as [number, number]);
  const point = tf.tensor2d(points);
  const label = tf.tensor1d(
    points.map(([a, b]) => (b > 0.3 ? 2 : a > 0 ? 1 : 0)),
    'int32',
  );
  model.freeze('temperature');
  const loss = (): tf.Scalar => model.loss(point, label);
  const [first, last] = train(model, 80, loss);
  expect(last).toBeLessThan(first / 2);
  model.freeze();
  model.unfreeze('temperature');
  const [before, after] = train(model, 20, loss);
  expect(after).toBeLessThan(before);
  expect(model.temperature.dataSync()[0]).toBeLessThan(1);
  const { rows } = model.summary(point);
  expect(rows.map(({ path, kind, multiplyAdds }) => [path, kind, multiplyAdds])).toEqual([
    ['', '', 0],
    ['network', 'Model', 0],
    ['network/concatenate', 'Concatenate', 0],
    ['network/dense', 'Dense', 30 * 10 * 3],
    ['network/hidden', 'Dense', 30 * 2 * 8],
  ]);
});
