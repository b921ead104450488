import type { TensorValue } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';

/** Values that are on the backend while they are in use, and on the host otherwise. */
export type Resting = tf.Tensor | TensorValue;

/** A copy on the host. */
export function toHost(value: Resting): TensorValue {
  if (!(value instanceof tf.Tensor)) return value;
  const { dtype, shape } = value;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new Error(`A tensor of dtype ${dtype} cannot be saved.`);
  }
  return { dtype, shape: [...shape], data: value.dataSync<typeof dtype>().slice() };
}

/** The tensor, made if it rests on the host. It is kept, whatever scope is active. */
export function toBackend(value: Resting): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  return tf.keep(tf.tensor(value.data, [...value.shape], value.dtype));
}

/** Frees it if it is on the backend. */
export function release(value: Resting): void {
  if (value instanceof tf.Tensor) value.dispose();
}
