import { LayerDict } from '@ae/layer-dict';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { AutoEncoderOptions } from './auto-encoder.js';

/**
 * The convolutional auto-encoder of "Structuring Deep Learning Models", with each
 * layer made where it is used. Its variables have the same paths as those of
 * `AutoEncoder`, so each reads the other's checkpoints.
 */
export class LazyAutoEncoder extends LayerDict {
  private readonly codeSize: number;

  constructor({ codeSize = 64, seed }: AutoEncoderOptions = {}) {
    super({ seed });
    this.codeSize = codeSize;
  }

  /** From images `[batch, 28, 28, 1]` to codes `[batch, codeSize]`. */
  encode(image: tf.Tensor4D): tf.Tensor2D {
    const { conv2d, dense } = layers;
    let hidden = this.get('enc1', conv2d, { filters: 32, kernelSize: 4, strides: 2 })(image);
    hidden = tf.elu(hidden);
    hidden = this.get('enc2', conv2d, { filters: 64, kernelSize: 4, strides: 2 })(hidden);
    hidden = tf.elu(hidden);
    hidden = this.get('enc3', conv2d, { filters: 128, kernelSize: 4, strides: 2 })(hidden);
    hidden = tf.elu(hidden);
    hidden = tf.reshape(hidden, [hidden.shape[0]!, -1]);
    return this.get('code', dense, { units: this.codeSize })(hidden);
  }

  /** From codes `[batch, codeSize]` to images `[batch, 28, 28, 1]`. */
  decode(code: tf.Tensor2D): tf.Tensor4D {
    const { conv2dTranspose } = layers;
    let hidden: tf.Tensor = tf.reshape(code, [code.shape[0], 1, 1, code.shape[1]]);
    hidden = this.get('dec1', conv2dTranspose, { filters: 128, kernelSize: 5, strides: 2 })(hidden);
    hidden = tf.elu(hidden);
    hidden = this.get('dec2', conv2dTranspose, { filters: 64, kernelSize: 5, strides: 2 })(hidden);
    hidden = tf.elu(hidden);
    return this.get('dec3', conv2dTranspose, { filters: 1, kernelSize: 4, strides: 2 })(hidden);
  }

  /** From images `[batch, 28, 28, 1]` to what the model makes of them, in the same shape. */
  call(image: tf.Tensor4D): tf.Tensor4D {
    return this.decode(this.encode(image));
  }
}
