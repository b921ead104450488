import * as tf from '@tensorflow/tfjs-core';
import type { Prepared } from './case.js';

/** Numbers between -0.5 and 0.5, the same at each call. */
export function numbers(shape: readonly number[]): Float32Array<ArrayBuffer> {
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 32 - 0.5;
  }
  return data;
}

/** A tensor of such numbers, already in the memory of the active backend. */
export function operand<R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> {
  const host = tf.tensor<R>(numbers(shape), shape);
  // Backends copy what they are given when a kernel first reads it.
  tf.square(host).dispose();
  return host;
}

/** A case that computes one tensor from operands. */
export function prepared<T extends tf.Tensor[]>(
  operands: T,
  compute: (...operands: T) => tf.Tensor,
): Prepared {
  return {
    run: () => compute(...operands).dispose(),
    dispose: () => tf.dispose(operands),
  };
}
