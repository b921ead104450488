import { layer, setSeed } from '@ae/layer-dict';
import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

/** What both auto-encoders are made from. */
export interface AutoEncoderOptions {
  /** How many numbers stand for an image. Default 64. */
  readonly codeSize?: number;
  /** The seed of the initial weights. Default: that of the module around it, else 0. */
  readonly seed?: number | undefined;
}

/**
 * The convolutional auto-encoder of "Structuring Deep Learning Models", with its
 * layers in the constructor. Its variables have the same paths as those of
 * `LazyAutoEncoder`, so each reads the other's checkpoints.
 */
export class AutoEncoder extends Module {
  private readonly enc1 = layer(layers.conv2d, { filters: 32, kernelSize: 4, strides: 2 });
  private readonly enc2 = layer(layers.conv2d, { filters: 64, kernelSize: 4, strides: 2 });
  private readonly enc3 = layer(layers.conv2d, { filters: 128, kernelSize: 4, strides: 2 });
  private readonly code;
  private readonly dec1 = layer(layers.conv2dTranspose, {
    filters: 128,
    kernelSize: 5,
    strides: 2,
  });
  private readonly dec2 = layer(layers.conv2dTranspose, { filters: 64, kernelSize: 5, strides: 2 });
  private readonly dec3 = layer(layers.conv2dTranspose, { filters: 1, kernelSize: 4, strides: 2 });

  constructor({ codeSize = 64, seed }: AutoEncoderOptions = {}) {
    super();
    if (seed !== undefined) setSeed(this, seed);
    this.code = layer(layers.dense, { units: codeSize });
  }

  /** From images `[batch, 28, 28, 1]` to codes `[batch, codeSize]`. */
  encode(image: tf.Tensor4D): tf.Tensor2D {
    let hidden = tf.elu(this.enc1(image));
    hidden = tf.elu(this.enc2(hidden));
    hidden = tf.elu(this.enc3(hidden));
    return this.code(tf.reshape(hidden, [hidden.shape[0]!, -1]));
  }

  /** From codes `[batch, codeSize]` to images `[batch, 28, 28, 1]`. */
  decode(code: tf.Tensor2D): tf.Tensor4D {
    let hidden: tf.Tensor = tf.reshape(code, [code.shape[0], 1, 1, code.shape[1]]);
    hidden = tf.elu(this.dec1(hidden));
    hidden = tf.elu(this.dec2(hidden));
    return this.dec3(hidden);
  }

  /** From images `[batch, 28, 28, 1]` to what the model makes of them, in the same shape. */
  call(image: tf.Tensor4D): tf.Tensor4D {
    return this.decode(this.encode(image));
  }
}
