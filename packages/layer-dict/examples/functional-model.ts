/**
 * A model of Keras's functional interface, with a skip connection, as one part of a
 * module that adds a variable of its own.
 */
import { setSeed } from '@ae/layer-dict';
import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';

function functionalNetwork(inputs: number): LayersModel {
  const x = input({ shape: [inputs] });
  const hidden = layers.dense({ units: 8, activation: 'tanh', name: 'hidden' }).apply(x);
  const joined = layers.concatenate().apply([x, hidden as SymbolicTensor]);
  const scores = layers.dense({ units: 3 }).apply(joined);
  return model({ inputs: x, outputs: scores as SymbolicTensor });
}

/** A classifier whose confidence can be calibrated after training (Guo et al., 2017). */
export class CalibratedClassifier extends Module {
  readonly network: LayersModel = functionalNetwork(2);
  readonly temperature: tf.Variable = tf.tidy(() => tf.variable(tf.scalar(1)));

  constructor(seed = 0) {
    super();
    // The network has its weights by now; this draws them anew, by seed and path.
    setSeed(this, seed);
  }

  /** From points `[batch, 2]` to the scores of three classes, `[batch, 3]`. */
  call(point: tf.Tensor2D): tf.Tensor2D {
    const scores = this.network.apply(point) as tf.Tensor2D;
    return tf.div(scores, this.temperature);
  }

  /** The mean cross entropy of classes `[batch]` of int32. */
  loss(point: tf.Tensor2D, label: tf.Tensor1D): tf.Scalar {
    const scores = this.call(point);
    const chosen = tf.sum(tf.mul(scores, tf.oneHot(label, 3)), 1);
    return tf.mean(tf.sub(tf.logSumExp(scores, 1), chosen));
  }
}
