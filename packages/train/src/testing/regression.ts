import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../loop/batches.js';

/** A small model: `tanh(x · hidden) · output`. */
export class Regression extends Module {
  readonly hidden: tf.Variable;
  readonly output: tf.Variable;

  constructor() {
    super();
    this.hidden = tf.tidy(() => tf.variable(filled([3, 8], 0.7)));
    this.output = tf.tidy(() => tf.variable(filled([8, 1], 1.3)));
  }

  predict(x: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(tf.tanh(tf.matMul(x, this.hidden as tf.Tensor2D)), this.output as tf.Tensor2D);
  }
}

export interface RegressionBatch extends Batch {
  readonly x: tf.Tensor2D;
  readonly y: tf.Tensor2D;
}

/** The mean squared error. */
export function regressionLoss(model: Regression, { x, y }: RegressionBatch): tf.Scalar {
  return tf.mean(tf.squaredDifference(model.predict(x), y));
}

/** Seven batches of 4 examples and one of 2, others in each epoch. */
export const regressionData = {
  batchesPerEpoch: 8,
  *batches(epoch: number, startBatch = 0): Generator<RegressionBatch> {
    for (let batch = startBatch; batch < 8; batch++) {
      const examples = batch === 7 ? 2 : 4;
      const x = filled([examples, 3], epoch * 8 + batch + 0.5);
      const y = tf.tidy(() => tf.sum(tf.sin(x), 1, true));
      yield { x: x as tf.Tensor2D, y: y as tf.Tensor2D };
    }
  },
};

function filled(shape: number[], phase: number): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + phase * 78.233)),
    shape,
  );
}
