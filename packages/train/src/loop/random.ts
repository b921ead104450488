import { untraceable } from '@ae/function';
import { drawTensor, fillNormal, fillUniform, foldIn } from '@ae/random';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The random numbers of one step. Each is given by the run's seed, the step and
 * the name of its purpose alone: repeatable, the same after a resume, and
 * independent of the order of calls.
 *
 * ```ts
 * loss: (model, { image }, { random }) => {
 *   const noisy = image.add(random.normal('noise', image.shape).mul(0.1));
 * ```
 */
export class StepRandom {
  /** @param seed of this step, or a function that looks it up; see {@link StepRandom.seedFor} */
  constructor(private readonly seed: number | (() => number)) {}

  /** A seed for one purpose, for generators of one's own. */
  seedFor(purpose: string): number {
    untraceable('the loss function uses a seed of this step in JavaScript');
    return foldIn(typeof this.seed === 'number' ? this.seed : this.seed(), purpose);
  }

  /** Uniform numbers in `[low, high)`. */
  uniform(purpose: string, shape: number[], low = 0, high = 1): tf.Tensor {
    return drawTensor(
      shape,
      () => fillUniform(this.seedFor(purpose), sized(shape), low, high),
      (values) => tf.tensor(values, shape),
    );
  }

  /** Normal numbers. */
  normal(purpose: string, shape: number[], mean = 0, standardDeviation = 1): tf.Tensor {
    return drawTensor(
      shape,
      () => fillNormal(this.seedFor(purpose), sized(shape), mean, standardDeviation),
      (values) => tf.tensor(values, shape),
    );
  }

  /**
   * Sets a part `rate` of the values to 0 and scales the others so that the mean
   * stays (Srivastava et al., 2014). Use it when `training` is set.
   */
  dropout<T extends tf.Tensor>(purpose: string, input: T, rate: number): T {
    if (!(rate >= 0 && rate < 1)) {
      throw new RangeError(`dropout: the rate must be in [0, 1), not ${rate}.`);
    }
    return tf.tidy(() => {
      const mask = tf.greaterEqual(this.uniform(purpose, input.shape), rate);
      return tf.mul(tf.mul(input, tf.cast(mask, 'float32')), 1 / (1 - rate));
    });
  }
}

function sized(shape: readonly number[]): Float32Array {
  return new Float32Array(shape.reduce((size, dimension) => size * dimension, 1));
}
