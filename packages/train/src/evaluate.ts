import * as tf from '@tensorflow/tfjs-core';
import type { LossResult } from './gradients.js';
import { type Batch, batchSizeOf, type DataSource, EpochBatches } from './loop/batches.js';
import type { Evaluation } from './loop/history.js';
import { Means } from './loop/mean.js';
import { readScalars } from './loop/read-scalars.js';
import { computeLoss, type LossFunction } from './loop/step-context.js';
import { eventLoopBreaks } from './loop/yield.js';

/**
 * The mean loss, and means of the other outputs of the loss function, over all
 * examples of `data`. Changes nothing; the loss function is told `training: false`.
 */
export async function evaluate<M, B extends Batch>(options: {
  model: M;
  data: DataSource<B>;
  loss: LossFunction<M, B>;
  seed?: number;
}): Promise<Evaluation> {
  const { model, data, loss, seed = 0 } = options;
  const batches = new EpochBatches(data, 0);
  const means = new Means();
  const breathe = eventLoopBreaks();
  try {
    for (let step = 0; ; step++) {
      const done = await batches.use(1, async ([batch]) => {
        const position = { seed, step, epoch: 0, part: 0, training: false };
        const outputs = tf.tidy(() => toOutputs(computeLoss(loss, model, batch!, position)));
        means.update(await readScalars(outputs), batchSizeOf(batch!));
        return true;
      });
      if (done === undefined) break;
      await breathe();
    }
  } finally {
    await batches.close();
  }
  const { loss: meanLoss = Number.NaN, ...metrics } = means.results();
  return { loss: meanLoss, metrics };
}

/** Clones, because an output may be somebody else's: a variable, part of the batch. */
function toOutputs(result: LossResult): Record<string, tf.Tensor> {
  const outputs = result instanceof tf.Tensor ? { loss: result } : result;
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.clone()]));
}
