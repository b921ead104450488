import * as tf from '@tensorflow/tfjs-core';

/**
 * The mean of all squared differences, a scalar.
 *
 * @param target any shape
 * @param prediction the same shape
 * @throws Error when the shapes differ (they are not broadcast: that hides mistakes)
 */
export function meanSquaredError(target: tf.Tensor, prediction: tf.Tensor): tf.Scalar {
  tf.util.assertShapesMatch(target.shape, prediction.shape, 'meanSquaredError: ');
  return tf.tidy(() => tf.mean(tf.squaredDifference(prediction, target)));
}
