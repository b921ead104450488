import * as tf from '@tensorflow/tfjs-core';
import { GradientAccumulator } from '../gradient-accumulator.js';
import { valueAndGradients } from '../gradients.js';
import type { VariableSource } from '../variables.js';
import { type Batch, batchSizeOf } from './batches.js';
import { locateError } from './locate-error.js';
import { Means } from './mean.js';
import { firstNonFinite, gradientSums, NonFiniteError } from './non-finite.js';
import { readScalars } from './read-scalars.js';
import { computeLoss, type LossFunction } from './step-context.js';

/** What the batches of one optimizer step gave. */
export interface StepResult {
  /** The mean gradient over all examples, by path; the receiver owns it. */
  readonly gradients: Map<string, tf.Tensor>;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly examples: number;
  readonly batches: number;
}

/**
 * Loss and gradients of one optimizer step: of one batch, or the mean over the
 * examples of several.
 *
 * @throws NonFiniteError before anything was changed
 */
export async function computeStep<M extends VariableSource, B extends Batch>(
  model: M,
  loss: LossFunction<M, B>,
  batches: readonly B[],
  at: { seed: number; step: number; epoch: number },
): Promise<StepResult> {
  const means = new Means();
  const accumulator = new GradientAccumulator();
  let gradients = new Map<string, tf.Tensor>();
  let examples = 0;
  try {
    for (const [part, batch] of batches.entries()) {
      const position = { seed: at.seed, step: at.step, epoch: at.epoch, part, training: true };
      const result = valueAndGradients(() => computeLoss(loss, model, batch, position), model);
      gradients = result.gradients;
      const size = batchSizeOf(batch);
      const values = await readScalars({ ...result.auxiliary, loss: result.value });
      await assertFinite(gradients, values.loss!, at.step);
      means.update(values, size);
      examples += size;
      if (batches.length === 1) break;
      accumulator.add(gradients, size);
      tf.dispose([...gradients.values()]);
      gradients = new Map();
    }
    if (batches.length > 1) gradients = accumulator.take();
  } catch (error) {
    tf.dispose([...gradients.values()]);
    accumulator.dispose();
    throw locateError(error, model);
  }
  const { loss: meanLoss = Number.NaN, ...metrics } = means.results();
  return { gradients, loss: meanLoss, metrics, examples, batches: batches.length };
}

async function assertFinite(
  gradients: ReadonlyMap<string, tf.Tensor>,
  loss: number,
  step: number,
): Promise<void> {
  const sums = gradientSums(gradients);
  const values = await sums.data();
  sums.dispose();
  const path = firstNonFinite(gradients.keys(), values);
  if (path !== undefined || !Number.isFinite(loss)) throw new NonFiniteError(step, loss, path);
}
