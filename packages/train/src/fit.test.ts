import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { adam, fit, memory } from './index.js';
import { Regression, regressionData, regressionLoss } from './testing/regression.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('learns, and leaves no tensor behind', async () => {
  const model = new Regression();
  const before = tf.memory().numTensors;
  const history = await fit({
    model,
    data: regressionData,
    loss: regressionLoss,
    optimizer: adam({ learningRate: 0.01 }),
    epochs: 20,
    validation: regressionData,
    checkpoint: { store: memory(), every: 3 },
  });
  expect(history.epochs).toHaveLength(20);
  expect(history.step).toBe(160);
  expect(history.epochs[19]!.loss).toBeLessThan(history.epochs[0]!.loss / 4);
  expect(tf.memory().numTensors).toBe(before);
  model.dispose();
});
