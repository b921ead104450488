import { untraceable } from '@ae/function';
import { foldIn, withStep } from '@ae/random';
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

/** Where in a run a loss is computed. */
export interface LossPosition {
  readonly seed: number;
  readonly step: number;
  readonly epoch: number;
  /** Number of the batch within an accumulated step. */
  readonly part: number;
  readonly training: boolean;
}

/**
 * Calls the loss function. Layers that draw random numbers, such as dropout, draw
 * them for this step of this run, as `context.random` does.
 */
export function computeLoss<M, B>(
  loss: LossFunction<M, B>,
  model: M,
  batch: B,
  position: LossPosition,
): LossResult {
  const { seed, part, training } = position;
  const ownSeed = seedOfPart(seed, training, part);
  const context = {
    seed,
    training,
    random: new StepRandom(() => foldIn(ownSeed, position.step)),
    get step() {
      untraceable('the loss function uses the number of the step, which no program follows');
      return position.step;
    },
    get epoch() {
      untraceable('the loss function uses the number of the epoch, which no program follows');
      return position.epoch;
    },
  };
  return withStep(ownSeed, position.step, () => loss(model, batch, context));
}

/** The seed of one batch of a step, from that of the run. */
export function seedOfPart(seed: number, training: boolean, part: number): number {
  return foldIn(seed, training ? 'training' : 'validation', part);
}
