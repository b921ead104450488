import type { Scalar } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { activeRecorder } from './recorder.js';

/**
 * A float32 scalar whose value JavaScript is asked for at each call, before the program starts: a
 * learning rate, a temperature, a step number. (A plain number would be what it was while tracing.)
 *
 *   const rate = hostValue(() => schedule(step));
 *
 * Outside of a compiled function it is `tf.scalar(read())`.
 */
export function hostValue(read: () => number): Scalar {
  return activeRecorder()?.host(read) ?? tf.scalar(read());
}
