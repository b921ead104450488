import { ema } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import {
  adam,
  type CheckpointStore,
  Checkpoints,
  cosine,
  earlyStopping,
  type FitOptions,
  fit,
  lion,
  memory,
  type Optimizer,
  reduceOnPlateau,
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

type Options = Partial<FitOptions<Regression, RegressionBatch>>;

/** A run with everything that has a state. */
function everything(optimizer: () => Optimizer, accumulate: number) {
  return async (store: CheckpointStore, steps: number, extra: Options = {}): Promise<void> => {
    const model = new Regression();
    const average = ema(model, 0.9);
    await fit({
      model,
      data: regressionData,
      loss: (each, { x, y }, { random, training }) => {
        const augmented = training ? tf.add(x, random.normal('noise', x.shape, 0, 0.05)) : x;
        const kept = training
          ? random.dropout('dropout', augmented as tf.Tensor2D, 0.2)
          : augmented;
        const loss = regressionLoss(each, { x: kept as tf.Tensor2D, y });
        return { loss, largest: tf.max(tf.abs(y)) };
      },
      optimizer: optimizer(),
      steps,
      accumulate,
      average,
      validation: regressionData,
      callbacks: [earlyStopping({ patience: 50 }), reduceOnPlateau({ patience: 1, factor: 0.5 })],
      checkpoint: { store, keep: { last: 100 }, config: { accumulate } },
      seed: 11,
      ...extra,
    });
    model.dispose();
    average.dispose();
  };
}

/** The files of the newest checkpoint but its manifest, which holds the time. */
async function newest(store: CheckpointStore): Promise<Record<string, string>> {
  const latest = await new Checkpoints(store).latest();
  const { name } = latest!.info;
  const files: Record<string, string> = {};
  for (const file of (await store.files(name)).sort()) {
    if (file === 'manifest.json') continue;
    files[file] = Buffer.from(await store.read(name, file)).toString('base64');
  }
  return files;
}

const optimizers: [string, () => Optimizer][] = [
  [
    'adam',
    () =>
      adam({
        learningRate: warmUp(5, cosine({ initial: 0.02, steps: 40 })),
        clip: { globalNorm: 1 },
      }),
  ],
  ['sgd', () => sgd({ learningRate: 0.01, momentum: 0.9, nesterov: true, weightDecay: 0.01 })],
  ['rmsProp', () => rmsProp({ learningRate: 0.01, centered: true, momentum: 0.5 })],
  ['lion', () => lion({ learningRate: 0.003 })],
];

test.each(optimizers)(
  '%s: stopping anywhere and resuming gives the same bytes',
  async (_, optimizer) => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 29 }),
        fc.integer({ min: 1, max: 3 }),
        async (first, accumulate) => {
          const run = everything(optimizer, accumulate);
          const whole = memory();
          await run(whole, 30);
          const parts = memory();
          await run(parts, first);
          const before = tf.memory().numTensors;
          await run(parts, 30, { resume: true });
          expect(tf.memory().numTensors).toBe(before);
          const files = await newest(whole);
          expect(Object.keys(files)).toEqual([
            'average.safetensors',
            'callbacks.safetensors',
            'optimizer.safetensors',
            'state.json',
            'weights.safetensors',
          ]);
          expect(await newest(parts)).toEqual(files);
        },
      ),
      { numRuns: 3 },
    );
  },
);

test('a signal stops after the present step, with a checkpoint to go on from', async () => {
  const run = everything(optimizers[0]![1], 1);
  const whole = memory();
  await run(whole, 20);
  const parts = memory();
  const abort = new AbortController();
  await run(parts, 20, {
    signal: abort.signal,
    callbacks: [
      earlyStopping({ patience: 50 }),
      reduceOnPlateau({ patience: 1, factor: 0.5 }),
      { name: 'abort', onStepEnd: ({ step }) => void (step === 13 && abort.abort()) },
    ],
  });
  expect((await new Checkpoints(parts).latest())?.info.step).toBe(13);
  await run(parts, 20, { resume: true });
  expect(await newest(parts)).toEqual(await newest(whole));
});

test("a seed or an optimizer that is not the run's is refused", async () => {
  const run = everything(optimizers[0]![1], 1);
  const store = memory();
  await run(store, 2);
  await expect(run(store, 4, { resume: true, seed: 12 })).rejects.toThrow('made with seed 11');
  await expect(run(store, 4, { resume: true, optimizer: sgd() })).rejects.toThrow(
    'belongs to the optimizer "adam", not "sgd"',
  );
  await expect(run(store, 4)).rejects.toThrow('holds the checkpoints of another run');
  await run(store, 4, { checkpoint: { store, overwrite: true } });
  const { checkpoints } = await new Checkpoints(store).list();
  expect(checkpoints.map(({ step }) => step)).toEqual([4]);
});

test('a plain list of variables is trained, saved and resumed by their names', async () => {
  let made = 0;
  const run = async (store: CheckpointStore, steps: number, resume = false): Promise<void> => {
    // tfjs wants every name once in a process; a new process would use the same again.
    const scale = tf.tidy(() => tf.variable(tf.scalar(1), true, `scale ${resume ? 0 : made++}`));
    await fit({
      model: [scale],
      data: regressionData,
      loss: ([variable], { x, y }) =>
        tf.mean(tf.squaredDifference(tf.mul(tf.sum(x, 1, true), variable!), y)) as tf.Scalar,
      optimizer: adam(),
      steps,
      checkpoint: { store },
      resume,
    });
    scale.dispose();
  };
  const parts = memory();
  await run(parts, 5);
  await run(parts, 12, true);
  const { info, tensors } = (await new Checkpoints(parts).latest())!;
  expect(info.step).toBe(12);
  expect([...tensors.weights!.keys()]).toEqual(['scale 0']);
  const whole = memory();
  await run(whole, 12);
  const last = (await new Checkpoints(whole).latest())!;
  expect([...last.tensors.weights!.values()]).toEqual([...tensors.weights!.values()]);
});
