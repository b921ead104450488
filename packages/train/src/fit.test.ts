import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import {
  adam,
  type Callback,
  type CheckpointStore,
  Checkpoints,
  type FitOptions,
  fit,
  memory,
  NonFiniteError,
  sgd,
  stopOnDivergence,
  timeLimit,
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
const options = (extra: Partial<Options> = {}): Options => ({
  model: extra.model ?? new Regression(),
  data: regressionData,
  loss: regressionLoss,
  optimizer: adam({ learningRate: 0.01 }),
  ...extra,
});

test('learns, and leaves no tensor behind', async () => {
  const model = new Regression();
  const before = tf.memory().numTensors;
  const history = await fit({
    ...options({ model, epochs: 20 }),
    validation: regressionData,
    checkpoint: { store: memory(), every: 3 },
  });
  expect(history.epochs).toHaveLength(20);
  expect(history.step).toBe(160);
  expect(history.stopReason).toBe('complete');
  expect(history.epochs[19]!.loss).toBeLessThan(history.epochs[0]!.loss / 4);
  expect(tf.memory().numTensors).toBe(before);
});

test('weighs batches by their examples, in training and in validation', async () => {
  // Nothing is learnt, so the mean over the epoch is that over all examples.
  const history = await fit({
    ...options({ optimizer: sgd({ learningRate: 0 }), epochs: 1 }),
    data: () => regressionData.batches(0),
    validation: () => regressionData.batches(0),
    loss: (model, batch) => ({ loss: regressionLoss(model, batch), largest: tf.max(batch.y) }),
  });
  const model = new Regression();
  const [all] = [...regressionData.batches(0)].reduce<RegressionBatch[]>(
    ([whole], { x, y }) => [
      whole === undefined ? { x, y } : { x: tf.concat([whole.x, x]), y: tf.concat([whole.y, y]) },
    ],
    [],
  );
  const loss = regressionLoss(model, all!).dataSync()[0]!;
  expect(history.loss).toBeCloseTo(loss, 6);
  expect(history.validation!.loss).toBeCloseTo(loss, 6);
  expect(Object.keys(history.epochs[0]!.metrics)).toEqual(['largest']);
  expect(Object.keys(history.validation!.metrics)).toEqual(['largest']);
});

test('accumulated batches give the step that one large batch gives', async () => {
  const apart = options({ steps: 1, accumulate: 8, optimizer: sgd({ learningRate: 0.1 }) });
  await fit(apart);
  const whole = options({ steps: 1, optimizer: sgd({ learningRate: 0.1 }) });
  await fit({
    ...whole,
    *data() {
      const batches = [...regressionData.batches(0)];
      yield {
        x: tf.concat(batches.map(({ x }) => x)),
        y: tf.concat(batches.map(({ y }) => y)),
      } as RegressionBatch;
    },
  });
  const values = (each: Options): number[] => [...(each.model as Regression).hidden.dataSync()];
  for (const [i, value] of values(apart).entries()) expect(value).toBeCloseTo(values(whole)[i]!, 5);
});

describe('data', () => {
  test("may be an array, whose batches stay the caller's", async () => {
    const data = [...regressionData.batches(0)];
    const history = await fit(options({ data, epochs: 2 }));
    expect(history.step).toBe(16);
    expect(data.every(({ x }) => !x.isDisposed)).toBe(true);
  });

  test('may be an async iterable; the next batch is asked for while a step runs', async () => {
    let asked = 0;
    const ahead: number[] = [];
    const before = tf.memory().numTensors;
    const each = options({
      async *data(epoch) {
        for (const batch of regressionData.batches(epoch)) {
          asked++;
          yield batch;
        }
      },
      steps: 4,
      callbacks: [{ name: 'ahead', onStepEnd: ({ step }) => void ahead.push(asked - step) }],
    });
    await fit(each);
    expect(ahead).toEqual([1, 1, 1, 1]);
    expect(tf.memory().numTensors).toBe(before + 2);
  });

  test('that is used up or disposed of is named', async () => {
    const once = regressionData.batches(0);
    await expect(fit(options({ data: once, epochs: 2 }))).rejects.toThrow(
      'gave no batch in epoch 1',
    );
    const data = [...regressionData.batches(0)];
    data[3]!.x.dispose();
    await expect(fit(options({ data, epochs: 1 }))).rejects.toThrow('"x" was disposed of already');
  });

  test('that fails ends training with its error, and leaves no tensors', async () => {
    const before = tf.memory().numTensors;
    const each = options({
      epochs: 1,
      async *data() {
        yield* [...regressionData.batches(0)].slice(0, 1).map((batch) => batch);
        throw new Error('the disk is gone');
      },
    });
    await expect(fit({ ...each })).rejects.toThrow('the disk is gone');
    (each.model as Regression).dispose();
    // Seven batches of the test itself were never handed out.
    expect(tf.memory().numTensors).toBe(before + 14);
  });
});

test('NaN stops before the weights change, naming step, loss and gradient', async () => {
  const model = new Regression();
  const store = memory();
  const at =
    (step: number) =>
    (each: Regression, batch: RegressionBatch, { step: now }: { step: number }) => {
      const loss = regressionLoss(each, batch);
      // The square root's slope at 0 is infinite: the loss is fine, a gradient is not.
      const root = tf.sqrt(tf.sum(tf.mul(each.output, 0)));
      return (now === step ? tf.add(loss, root) : loss) as tf.Scalar;
    };
  const before = tf.memory().numTensors;
  const error = await fit({
    ...options({ model, steps: 20, checkpoint: { store, every: 1 } }),
    loss: at(5),
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NonFiniteError);
  expect(error).toMatchObject({ step: 5, path: 'output' });
  expect((error as Error).message).toContain('is that of "output"');
  expect([...model.output.dataSync()].every(Number.isFinite)).toBe(true);
  expect((await new Checkpoints(store).latest())?.info.step).toBe(5);
  expect(tf.memory().numTensors).toBe(before);
});

describe('checkpoints', () => {
  /** A store whose writes take their time, or fail. */
  function slow(milliseconds: number, failing: (write: number) => boolean = () => false) {
    const store = memory();
    let writes = 0;
    const write: CheckpointStore['write'] = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      if (failing(++writes)) throw new Error('no space left on device');
      await store.write(...args);
    };
    return new Proxy(store, {
      get: (target, key) =>
        key === 'write'
          ? write
          : (Reflect.get(target, key).bind?.(target) ?? Reflect.get(target, key)),
    });
  }

  test('are written while training goes on, and waited for at the end', async () => {
    const store = slow(200);
    let during = 0;
    let writing = false;
    const watch: Callback = {
      name: 'watch',
      onStepEnd({ step }, run) {
        if (step === 2) {
          run.requestCheckpoint();
          writing = true;
        }
        if (writing) during++;
      },
      onCheckpoint() {
        writing = false;
      },
    };
    await fit(
      options({ steps: 400, callbacks: [watch], checkpoint: { store, every: { minutes: 60 } } }),
    );
    expect(during).toBeGreaterThan(3);
    const { checkpoints } = await new Checkpoints(store).list();
    expect(checkpoints.map(({ step }) => step)).toEqual([400, 2]);
  });

  test('that fail are reported, the older one stays, and a failed last one is an error', async () => {
    const errors: string[] = [];
    const callbacks: Callback[] = [
      { name: 'errors', onCheckpointError: (error) => void errors.push(error.message) },
    ];
    const middle = slow(0, (write) => write === 2);
    await fit(options({ steps: 6, callbacks, checkpoint: { store: middle, every: 2 } }));
    expect(errors).toEqual([
      'The checkpoint of step 4 could not be saved in memory: no space left on device',
    ]);
    const last = slow(0, (write) => write > 2);
    await expect(
      fit(options({ steps: 6, callbacks, checkpoint: { store: last, every: 2 } })),
    ).rejects.toThrow('The checkpoint of step 6 could not be saved');
    expect((await new Checkpoints(last).latest())?.info.step).toBe(4);
  });
});

test('timers and aborts get their turn', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  const history = await fit(options({ epochs: 100_000, signal: abort.signal }));
  expect(history.stopReason).toBe('aborted');
  expect(history.step).toBeGreaterThan(0);
});

test('callbacks can stop a run, and an error in one ends it', async () => {
  const order: string[] = [];
  const watcher: Callback = {
    name: 'watcher',
    onTrainBegin: () => void order.push('begin'),
    onEpochBegin: ({ epoch }) => void order.push(`epoch ${epoch}`),
    onGradients: (gradients) => void order.push([...gradients.keys()].join('+')),
    onStepEnd: ({ step }, run) => {
      order.push(`step ${step}`);
      if (step === 2) run.stop('enough');
    },
    onTrainEnd: ({ stopReason }) => void order.push(stopReason),
  };
  const history = await fit(options({ epochs: 3, callbacks: [watcher] }));
  expect(order).toEqual([
    'begin',
    'epoch 0',
    'hidden+output',
    'step 1',
    'hidden+output',
    'step 2',
    'enough',
  ]);
  expect(history.stopReason).toBe('enough');
  const before = tf.memory().numTensors;
  const failing: Callback = {
    name: 'failing',
    onGradients: () => Promise.reject(new Error('mine')),
  };
  const each = options({ epochs: 3, callbacks: [failing] });
  await expect(fit(each)).rejects.toThrow('mine');
  (each.model as Regression).dispose();
  expect(tf.memory().numTensors).toBe(before);
  await expect(fit(options({ epochs: 1, callbacks: [watcher, watcher] }))).rejects.toThrow(
    'Two callbacks are called "watcher"',
  );
});

test('stops at a time limit, and on divergence', async () => {
  const limited = await fit(options({ epochs: 1e6, callbacks: [timeLimit({ minutes: 0.001 })] }));
  expect(limited.stopReason).toContain('timeLimit');
  await expect(
    fit(
      options({
        epochs: 1e6,
        optimizer: sgd({ learningRate: 3 }),
        callbacks: [stopOnDivergence({ factor: 5 })],
      }),
    ),
  ).rejects.toThrow('Training diverged');
});

test('says what is wrong with its options', async () => {
  await expect(fit(options())).rejects.toThrow('say how long to train');
  await expect(fit(options({ steps: -1 }))).rejects.toThrow('steps must be an integer from 0');
  await expect(fit(options({ epochs: 1.5 }))).rejects.toThrow('epochs must be an integer');
  await expect(fit(options({ steps: 1, accumulate: 0 }))).rejects.toThrow('accumulate must be');
  await expect(fit(options({ steps: 1, resume: true }))).rejects.toThrow('`resume` needs');
});
