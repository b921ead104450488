import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  type Callback,
  type EpochRecord,
  earlyStopping,
  fit,
  reduceOnPlateau,
  sgd,
  type TrainingRun,
  warmUp,
} from '../index.js';
import { Regression, regressionData, regressionLoss } from '../testing/regression.js';
import { Monitor } from './monitor.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const record = (epoch: number, loss: number, validation?: number): EpochRecord => ({
  epoch,
  step: epoch * 10,
  loss,
  metrics: { accuracy: -loss },
  ...(validation === undefined ? {} : { validation: { loss: validation, metrics: {} } }),
});

describe('what is watched', () => {
  const waits = (monitor: Monitor, records: EpochRecord[]): number[] =>
    records.map((each) => {
      monitor.update(each);
      return monitor.waited;
    });

  test('is the validation loss, else the loss, else what was asked for', () => {
    expect(waits(new Monitor({}), [record(0, 1, 5), record(1, 9, 4), record(2, 0, 6)])).toEqual([
      0, 0, 1,
    ]);
    expect(waits(new Monitor({}), [record(0, 5), record(1, 4), record(2, 4)])).toEqual([0, 0, 1]);
    const accuracy = new Monitor({ monitor: 'accuracy', mode: 'max' });
    expect(waits(accuracy, [record(0, 5), record(1, 4), record(2, 6)])).toEqual([0, 0, 1]);
    expect(() => new Monitor({ monitor: 'acuracy' }).update(record(0, 1))).toThrow(
      'no "acuracy" to watch. An epoch of this run has: loss, accuracy.',
    );
  });

  test('must be better by the wanted amount, and NaN never is', () => {
    const monitor = new Monitor({ minDelta: 0.5 });
    const losses = [Number.NaN, 5, 4.6, 4.4, Number.NaN];
    expect(
      waits(
        monitor,
        losses.map((loss, epoch) => record(epoch, loss)),
      ),
    ).toEqual([1, 0, 1, 0, 1]);
    expect(monitor).toMatchObject({ best: 4.4, bestEpoch: 3 });
  });
});

/** Trains with a validation loss that is what the test says for each epoch. */
async function train(losses: number[], callbacks: Callback[]) {
  const model = new Regression();
  const weights: Float32Array[] = [];
  const history = await fit({
    model,
    data: regressionData,
    loss: regressionLoss,
    optimizer: sgd({ learningRate: 0.001 }),
    epochs: losses.length,
    callbacks: [
      {
        name: 'weights',
        onEpochEnd: () => void weights.push(model.output.dataSync<'float32'>().slice()),
      },
      ...callbacks.map((callback) => ({
        ...callback,
        onEpochEnd: (each: EpochRecord, at: TrainingRun) =>
          callback.onEpochEnd?.({ ...each, loss: losses[each.epoch]! }, at),
      })),
    ],
  });
  return { history, weights, final: model.output.dataSync<'float32'>().slice() };
}

describe('earlyStopping', () => {
  test('ends when nothing gets better, with the weights of the best epoch', async () => {
    const { history, weights, final } = await train(
      [5, 3, 4, 3.5, 1],
      [earlyStopping({ patience: 2 })],
    );
    expect(history.stopReason).toBe('earlyStopping: epoch 1 was the best for 2 epochs');
    expect(history.epochs).toHaveLength(4);
    expect(final).toEqual(weights[1]);
  });

  test('can leave the last weights', async () => {
    const options = { patience: 2, restoreBest: false };
    const { weights, final } = await train([5, 3, 4, 3.5, 1], [earlyStopping(options)]);
    expect(final).toEqual(weights[3]);
  });

  test('gives the best weights also when training ends by itself', async () => {
    const { weights, final } = await train([5, 3, 4], [earlyStopping({ patience: 9 })]);
    expect(final).toEqual(weights[1]);
  });
});

describe('reduceOnPlateau', () => {
  test('lowers the learning rate, not below the smallest', async () => {
    const rates: number[] = [];
    const watch: Callback = {
      name: 'rates',
      onEpochEnd: (_, { optimizer }) => void rates.push(optimizer.learningRate),
    };
    const callback = reduceOnPlateau({ patience: 2, factor: 0.1, smallest: 0.00005 });
    await train([5, 6, 6, 6, 6, 6, 6, 4], [callback, watch]);
    const expected = [1e-3, 1e-3, 1e-4, 1e-4, 5e-5, 5e-5, 5e-5, 5e-5];
    for (const [epoch, rate] of rates.entries()) expect(rate).toBeCloseTo(expected[epoch]!, 12);
  });
});

test('a warm-up rises to the schedule and then follows it from its beginning', () => {
  const schedule = warmUp(4, (step) => 1 - step / 10);
  expect([0, 1, 2, 3, 4, 5].map(schedule)).toEqual([0.25, 0.5, 0.75, 1, 1, 0.9]);
});
