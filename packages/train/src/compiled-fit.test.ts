import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  adam,
  adamW,
  type FitOptions,
  fit,
  lion,
  NonFiniteError,
  type Optimizer,
  rmsProp,
  sgd,
  warmUp,
} from './index.js';
import {
  Regression,
  type RegressionBatch,
  regressionData,
  regressionLoss,
} from './testing/regression.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Options = FitOptions<Regression, RegressionBatch>;

async function trained(options: Partial<Options> & { optimizer: Optimizer }) {
  const model = new Regression();
  const losses: number[] = [];
  const rates: number[] = [];
  const history = await fit({
    model,
    data: regressionData,
    loss: regressionLoss,
    epochs: 4,
    callbacks: [
      {
        name: 'losses',
        onStepEnd: ({ loss, learningRate }) => {
          losses.push(loss);
          rates.push(learningRate);
        },
      },
    ],
    ...options,
  });
  const weights = [...model.stateDict()].map(([path, { data }]) => [path, Array.from(data)]);
  return { losses, rates, weights, loss: history.loss, metrics: history.metrics };
}

const optimizers: [string, () => Optimizer][] = [
  ['adam', () => adam({ learningRate: 0.01 })],
  [
    'adam with a schedule and clipping',
    () => adam({ learningRate: warmUp(9, 0.1), clip: { globalNorm: 0.5 } }),
  ],
  [
    'adamW',
    () =>
      adamW({
        learningRate: 0.01,
        weightDecay: 0.1,
        weightDecayMask: (path) => path.includes('kernel'),
      }),
  ],
  [
    'sgd',
    () =>
      sgd({ learningRate: warmUp(7, 0.1), momentum: 0.9, nesterov: true, clip: { value: 0.2 } }),
  ],
  ['rmsProp', () => rmsProp({ learningRate: 0.01, centered: true, momentum: 0.5 })],
  ['lion', () => lion({ learningRate: 0.01, clip: { norm: 1 } })],
];

test.each(optimizers)('compiled steps give the same bits with %s', async (_, optimizer) => {
  const before = tf.memory().numTensors;
  const eager = await trained({ optimizer: optimizer(), compile: false });
  const compiled = await trained({ optimizer: optimizer(), compile: true });
  expect(compiled).toEqual(eager);
  expect(compiled.losses).toHaveLength(32);
  expect(tf.memory().numTensors - before).toBeLessThanOrEqual(8);
});

test('random numbers of a step are those of eager steps', async () => {
  const loss: Options['loss'] = (model, batch, { random }) => {
    const noise = random.normal('noise', batch.x.shape, 0, 0.1);
    const x = random.dropout('drop', tf.add(batch.x, noise), 0.2);
    return regressionLoss(model, { ...batch, x: x as typeof batch.x });
  };
  const eager = await trained({ optimizer: sgd(), loss, compile: false, seed: 4 });
  expect(await trained({ optimizer: sgd(), loss, compile: true, seed: 4 })).toEqual(eager);
  const other = await trained({ optimizer: sgd(), loss, compile: true, seed: 5 });
  expect(other.losses).not.toEqual(eager.losses);
});

test('a loss that uses the step cannot be compiled', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const loss: Options['loss'] = (model, batch, { step }) =>
    tf.mul(regressionLoss(model, batch) as tf.Tensor, 1 + step / 100);
  await expect(trained({ optimizer: sgd(), loss, compile: true })).rejects.toThrow(
    /cannot become a program: the loss function uses the number of the step/,
  );
  warn.mockRestore();
});

test('a step that is not finite changes nothing', async () => {
  const model = new Regression();
  const bad = (): Options => ({
    model,
    data: regressionData,
    loss: (m, batch) => tf.div(regressionLoss(m, batch) as tf.Tensor, tf.sum(tf.mul(batch.x, 0))),
    optimizer: adam(),
    epochs: 1,
    compile: true,
  });
  const before = [...model.stateDict().values()].map(({ data }) => Array.from(data));
  await expect(fit(bad())).rejects.toThrow(NonFiniteError);
  expect([...model.stateDict().values()].map(({ data }) => Array.from(data))).toEqual(before);
});
