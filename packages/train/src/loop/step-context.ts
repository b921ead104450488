import { foldIn } from '@ae/random';
import type { LossResult } from '../gradients.js';
import { StepRandom } from './random.js';

/** What a loss function may want to know about the step it is called in. */
export interface StepContext {
  /** The optimizer step, counted from 0. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** The seed of the run. */
  readonly seed: number;
  /** False during validation. */
  readonly training: boolean;
  /** Random numbers that depend on the seed and the step only. */
  readonly random: StepRandom;
}

/**
 * Gives the scalar to minimise: the mean over the examples of the batch. Other
 * scalars beside `loss` are metrics, averaged in the same way.
 */
export type LossFunction<M, B> = (model: M, batch: B, context: StepContext) => LossResult;

/** @param micro number of the batch within an accumulated step */
export function stepContext(at: {
  seed: number;
  step: number;
  epoch: number;
  micro: number;
  training: boolean;
}): StepContext {
  const { seed, step, epoch, micro, training } = at;
  const purpose = training ? 'step' : 'validation';
  const random = new StepRandom(foldIn(seed, purpose, step, micro));
  return { seed, step, epoch, training, random };
}
