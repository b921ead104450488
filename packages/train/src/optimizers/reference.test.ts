import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {
  adam,
  adamW,
  cosine,
  exponential,
  lion,
  type Optimizer,
  oneCycle,
  piecewise,
  rmsProp,
  type Schedule,
  sgd,
} from '../index.js';
import { referenceJson } from '../testing/reference.js';

type Values = Record<string, number[]>;
const reference = referenceJson<{
  optimizers: Record<string, Record<string, Values>>;
  schedules: Record<string, number[]>;
}>('optimizers.json');
const { oneCycle: oneCycleRates } = referenceJson<{ oneCycle: number[] }>('one-cycle.json');

// The options are those of reference/optimizers.py.
const OPTIMIZERS: Record<string, () => Optimizer> = {
  sgd: () => sgd({ learningRate: 0.01 }),
  'sgd momentum': () => sgd({ learningRate: 0.01, momentum: 0.9 }),
  'sgd nesterov': () =>
    sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  adam: () => adam({ learningRate: 0.01 }),
  'adam options': () => adam({ learningRate: 0.003, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
  'adam clip value': () => adam({ learningRate: 0.01, clip: { value: 0.3 } }),
  'adam clip norm': () => adam({ learningRate: 0.01, clip: { norm: 0.9 } }),
  'adam clip global norm': () => adam({ learningRate: 0.01, clip: { globalNorm: 1.5 } }),
  adamW: () => adamW({ learningRate: 0.01, weightDecay: 0.1 }),
  rmsProp: () => rmsProp({ learningRate: 0.01 }),
  'rmsProp centered momentum': () =>
    rmsProp({ learningRate: 0.01, rho: 0.8, momentum: 0.5, epsilon: 1e-2, centered: true }),
  lion: () => lion({ learningRate: 0.01, weightDecay: 0.1 }),
};

const SCHEDULES: Record<string, Schedule> = {
  cosine: cosine({ initial: 0.1, steps: 60, alpha: 0.1 }),
  exponential: exponential({ initial: 0.1, steps: 30, rate: 0.5 }),
  'exponential staircase': exponential({ initial: 0.1, steps: 30, rate: 0.5, staircase: true }),
  piecewise: piecewise({ boundaries: [20, 50], values: [0.1, 0.05, 0.01] }),
};

/** The gradient that reference/optimizers.py makes for the same step. */
function values(step: number, offset: number, size: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, i) => (((7919 * step + 104729 * (offset + i)) % 2003) - 1001) / 1001,
  );
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('every optimizer of the reference is compared', () => {
  expect(Object.keys(OPTIMIZERS)).toEqual(Object.keys(reference.optimizers));
  expect(Object.keys(SCHEDULES)).toEqual(Object.keys(reference.schedules));
});

test.each(Object.keys(OPTIMIZERS))('%s agrees with Keras for 100 steps', (name) => {
  const optimizer = OPTIMIZERS[name]!();
  const start = (offset: number, size: number) => tf.variable(tf.tensor1d(values(0, offset, size)));
  const variables = new Map([
    ['a/kernel', start(0, 6)],
    ['b/bias', start(100, 4)],
  ]);
  for (let step = 1; step <= 100; step++) {
    const gradients = new Map([
      ['a/kernel', tf.tensor1d(values(step, 0, 6))],
      ['b/bias', tf.tensor1d(values(step, 100, 4))],
    ]);
    optimizer.apply(gradients, variables);
    tf.dispose([...gradients.values()]);
    const expected = reference.optimizers[name]![String(step)];
    for (const [path, wanted] of Object.entries(expected ?? {})) {
      const actual = [...variables.get(path)!.dataSync()];
      for (const [i, value] of wanted.entries()) {
        // A hundred float32 roundings of values near 1.
        expect(Math.abs(actual[i]! - value)).toBeLessThan(5e-6);
      }
    }
  }
  optimizer.dispose();
  tf.dispose([...variables.values()]);
});

test.each(Object.keys(SCHEDULES))('the schedule %s agrees with Keras', (name) => {
  for (const [step, wanted] of reference.schedules[name]!.entries()) {
    // Keras computes in float32.
    expect(SCHEDULES[name]!(step)).toBeCloseTo(wanted, 7);
  }
});

test('the one-cycle schedule agrees with PyTorch', () => {
  const schedule = oneCycle({ peak: 0.1, steps: 100 });
  for (const [step, wanted] of oneCycleRates.entries()) {
    expect(schedule(step)).toBeCloseTo(wanted, 12);
  }
});
