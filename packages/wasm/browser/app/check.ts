import * as tf from '@tensorflow/tfjs-core';
import type { BackendInfo, WasmOptions } from '../../dist/index.js';
import { useWasm } from '../../dist/index.js';

/** What one host found. */
export interface Check {
  info: BackendInfo;
  /** Numbers that do not depend on the host. */
  values: number[];
}

/** Sets up the backend and computes a loss and its gradients, as a step of training does. */
export async function check(options?: WasmOptions): Promise<Check> {
  const info = await useWasm(options);
  const values = tf.tidy(() => {
    const wave = (shape: number[], speed: number) =>
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => (i * speed) % 1),
        shape,
      );
    const image = wave([8, 28, 28, 1], 0.37) as tf.Tensor4D;
    const conv2d = tf.variable(wave([4, 4, 1, 32], 0.11) as tf.Tensor4D);
    const dense = tf.variable(wave([32 * 13 * 13, 16], 0.007) as tf.Tensor2D);
    const { value, grads } = tf.variableGrads(() => {
      const hidden = tf.elu(tf.conv2d(image, conv2d, 2, 'valid'));
      const code = tf.matMul(tf.reshape(hidden, [8, -1]), dense);
      return tf.mean(tf.square(tf.sub(code, 1))) as tf.Scalar;
    });
    const sums = Object.values(grads).map((gradient) => tf.sum(gradient).dataSync()[0]!);
    return [value.dataSync()[0]!, ...sums];
  });
  return { info, values };
}
