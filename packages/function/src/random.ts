import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { activeRecorder } from './recorder.js';

/**
 * Uniform numbers in `[low, high)`, float32. Inside a compiled function they are drawn anew at each
 * call; elsewhere it is `tf.randomUniform`.
 */
export function randomUniform(shape: number[], low = 0, high = 1): Tensor {
  const recorder = activeRecorder();
  if (recorder === undefined) return tf.randomUniform(shape, low, high);
  return recorder.random('RandomUniform', shape, low, high);
}

/**
 * Normal numbers, float32. Inside a compiled function they are drawn anew at each call; elsewhere
 * it is `tf.randomNormal`.
 */
export function randomNormal(shape: number[], mean = 0, standardDeviation = 1): Tensor {
  const recorder = activeRecorder();
  if (recorder === undefined) return tf.randomNormal(shape, mean, standardDeviation);
  return recorder.random('RandomNormal', shape, mean, standardDeviation);
}
