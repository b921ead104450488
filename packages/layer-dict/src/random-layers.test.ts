import '@tensorflow/tfjs-backend-cpu';
import { Module } from '@ae/module';
import { withStep } from '@ae/random';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { type CallableLayer, LayerDict, layer } from './index.js';

tf.env().set('IS_NODE', false);

const training = { training: true } as const;
const ones = (...shape: number[]): tf.Tensor => tf.ones(shape);
const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

const makers: [string, () => CallableLayer, tf.Tensor][] = [
  ['dropout', () => layer(layers.dropout, { rate: 0.5 }), ones(1, 50)],
  ['spatialDropout1d', () => layer(layers.spatialDropout1d, { rate: 0.5 }), ones(1, 3, 50)],
  ['gaussianNoise', () => layer(layers.gaussianNoise, { stddev: 0.5 }), ones(1, 50)],
  ['gaussianDropout', () => layer(layers.gaussianDropout, { rate: 0.5 }), ones(1, 50)],
  ['alphaDropout', () => layer(layers.alphaDropout, { rate: 0.5 }), ones(1, 50)],
  [
    'lstm with dropout',
    () => layer(layers.lstm, { units: 4, dropout: 0.5, recurrentDropout: 0.5 }),
    ones(1, 3, 8),
  ],
  [
    'a model with dropout inside',
    () => layer(() => sequential({ layers: [layers.dropout({ rate: 0.5, inputShape: [50] })] })),
    ones(1, 50),
  ],
];

describe.each(makers)('%s', (_, make, input) => {
  test('is random when it trains, by seed, step and path only', () => {
    const dict = new LayerDict();
    const [a, b] = [dict.get('a', make), dict.get('b', make)];
    const at = (seed: number, step: number, which = a): number[] =>
      withStep(seed, step, () => values(which(input, training)));
    const first = at(1, 1);
    expect(first).toEqual(at(1, 1));
    const others = [at(1, 2), at(2, 1), at(1, 1, b)];
    expect(new Set([first, ...others].map(String)).size).toBe(4);
    const again = new LayerDict();
    expect(withStep(1, 1, () => values(again.get('a', make)(input, training)))).toEqual(first);
  });

  test('draws anew when it is used twice in a step, and outside of steps', () => {
    const callable = Object.assign(new Module(), { a: make() }).a;
    const twice = (): string[] => [1, 2].map(() => String(values(callable(input, training))));
    const inStep = withStep(0, 0, twice);
    expect(inStep[0]).not.toBe(inStep[1]);
    expect(withStep(0, 0, twice)).toEqual(inStep);
    const outside = [...twice(), ...twice()];
    expect(new Set(outside).size).toBe(4);
  });

  test('changes nothing when it does not train, and leaks nothing', () => {
    const callable = make();
    const plain = values(callable(input));
    expect(values(callable(input, { training: false }))).toEqual(plain);
    const before = tf.memory().numTensors;
    tf.tidy(() => void callable(input, training));
    tf.tidy(() => void callable(input, training));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('the moments of what remains', () => {
  const n = 40_000;
  const moments = (callable: CallableLayer, input: tf.Tensor): [number, number] => {
    const output = values(callable(input, training));
    const mean = output.reduce((sum, value) => sum + value, 0) / n;
    return [mean, output.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n];
  };

  test('dropout keeps the mean, and each unit is either zero or scaled', () => {
    const dropout = layer(layers.dropout, { rate: 0.2 });
    const output = values(dropout(ones(n), training));
    expect(new Set(output)).toEqual(new Set([0, 1.25]));
    expect(output.filter((value) => value === 0).length / n).toBeCloseTo(0.2, 1.7);
  });

  test('noise and Gaussian dropout have the variance of Keras, alpha dropout keeps mean and variance', () => {
    const [mean, variance] = moments(layer(layers.gaussianDropout, { rate: 0.2 }), ones(n));
    expect(mean).toBeCloseTo(1, 1.7);
    expect(variance).toBeCloseTo(0.25, 1.7);
    expect(moments(layer(layers.gaussianNoise, { stddev: 2 }), ones(n))[1] / 4).toBeCloseTo(1, 1.3);
    const normal = tf.randomNormal([n], 0, 1, 'float32', 3);
    const [alphaMean, alphaVariance] = moments(layer(layers.alphaDropout, { rate: 0.3 }), normal);
    expect(alphaMean).toBeCloseTo(0, 1.3);
    expect(alphaVariance).toBeCloseTo(1, 1);
  });

  test('a noise shape is shared along its axes of one', () => {
    const dropout = layer(layers.dropout, { rate: 0.5, noiseShape: [4, 1] });
    const rows = dropout(ones(4, 10), training).arraySync() as number[][];
    for (const row of rows) expect(new Set(row).size).toBe(1);
    const spatial = layer(layers.spatialDropout1d, { rate: 0.5 });
    const steps = (spatial(ones(1, 5, 20), training).arraySync() as number[][][])[0]!;
    for (const step of steps) expect(step).toEqual(steps[0]);
  });

  test('the gradient passes through what was kept', () => {
    const dropout = layer(layers.dropout, { rate: 0.5 });
    const run = (input: tf.Tensor): tf.Tensor => withStep(0, 0, () => dropout(input, training));
    const input = ones(20);
    const gradient = tf.grad((at) => tf.sum(run(at)))(input);
    expect(values(gradient)).toEqual(values(run(input)));
  });
});
