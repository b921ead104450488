import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ema } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { adam, Checkpoints, earlyStopping, fit, memory } from '../index.js';
import { directory } from '../node.js';
import { Regression, regressionData, regressionLoss } from '../testing/regression.js';

const FIXTURES = join(__dirname, '../../fixtures');

// A folder for each released format: once committed, it must stay readable.
test.each(['format-1'])('a checkpoint of %s is read, and a run goes on from it', async (format) => {
  await tf.setBackend('cpu');
  const folder = await mkdtemp(join(tmpdir(), 'ae-old-'));
  await cp(join(FIXTURES, format), folder, { recursive: true });
  const store = directory(folder);
  const latest = await new Checkpoints(store).latest();
  expect(latest?.info).toMatchObject({ step: 20, epoch: 2, pinned: false });
  expect(latest?.state).toMatchObject({
    seed: 5,
    batch: 4,
    config: { note: 'ü', list: [1, -0, null] },
  });
  expect(Object.keys(latest!.tensors)).toEqual(['weights', 'optimizer', 'average', 'callbacks']);
  const train = (resume: boolean) => {
    const model = new Regression();
    return fit({
      model,
      data: regressionData,
      loss: regressionLoss,
      optimizer: adam({ learningRate: 0.01 }),
      steps: 24,
      validation: regressionData,
      average: ema(model, 0.9),
      callbacks: [earlyStopping()],
      checkpoint: { store: resume ? store : memory() },
      resume,
      seed: 5,
    });
  };
  const history = await train(true);
  const whole = await train(false);
  expect(history.epochs).toHaveLength(3);
  expect(history.loss).toBeCloseTo(whole.loss, 4);
  expect(history.validation!.loss).toBeCloseTo(whole.validation!.loss, 4);
  expect((await readdir(folder)).length).toBeGreaterThan(1);
  await rm(folder, { recursive: true });
});
