import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { drawRandom, type RandomKernel } from './random-state.js';
import { activeRecorder } from './recorder.js';

/**
 * Uniform numbers in `[low, high)`, float32, that are drawn anew at each call of a compiled function.
 *
 * @param seed asked at each call; by default the function's own seed and number of calls decide
 *   inside of a compiled function, and chance outside
 */
export function randomUniform(shape: number[], low = 0, high = 1, seed?: () => number): Tensor {
  return draw('RandomUniform', shape, low, high, seed);
}

/** Normal numbers, float32, that are drawn anew at each call; as {@link randomUniform}. */
export function randomNormal(
  shape: number[],
  mean = 0,
  standardDeviation = 1,
  seed?: () => number,
): Tensor {
  return draw('RandomNormal', shape, mean, standardDeviation, seed);
}

function draw(
  kernel: RandomKernel,
  shape: number[],
  from: number,
  to: number,
  seed: (() => number) | undefined,
): Tensor {
  const distribution = { shape, from, to };
  const recorder = activeRecorder();
  if (recorder !== undefined) {
    const seedNow = seed ?? recorder.nextSeed();
    return recorder.random(kernel, shape, () => drawRandom(kernel, distribution, seedNow()));
  }
  const chance = Math.floor(Math.random() * 2 ** 32);
  return tf.tensor(drawRandom(kernel, distribution, seed?.() ?? chance), shape, 'float32');
}
