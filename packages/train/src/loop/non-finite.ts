import * as tf from '@tensorflow/tfjs-core';
import type { Gradients } from '../optimizers/clip.js';

/** Thrown when the loss or a gradient is NaN or infinite; the weights are those before the step. */
export class NonFiniteError extends Error {
  override readonly name = 'NonFiniteError';
  constructor(
    /** The optimizer step, counted from 0, that was not taken. */
    readonly step: number,
    readonly loss: number,
    /** The path of the first gradient, in the order of paths, that is not finite. */
    readonly path: string | undefined,
  ) {
    const where =
      path === undefined
        ? 'all gradients are finite'
        : `the first gradient that is not finite is that of "${path}"`;
    super(
      `Training stopped at step ${step}: the loss is ${loss}, and ${where}. ` +
        'Try a smaller learning rate or clipped gradients, and look for log(0), sqrt(0) and x / 0.',
    );
  }
}

/**
 * One number for each gradient, which is finite if all of the gradient is: `[gradients]`.
 * A sum costs far less than reading the gradients.
 */
export function gradientSums(gradients: Gradients): tf.Tensor1D {
  return tf.tidy(() =>
    tf.stack([...gradients.values()].map((gradient) => tf.sum(gradient))),
  ) as tf.Tensor1D;
}

/** The path whose sum is the first that is not finite. */
export function firstNonFinite(
  gradients: Iterable<string>,
  sums: ArrayLike<number>,
): string | undefined {
  return [...gradients].find((_, index) => !Number.isFinite(sums[index]));
}
