import { layer } from '@ae/layer-dict';
import { layers } from '@ae/layers';
import { Module, type StateDict } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { draw } from './reference.js';

/** The auto-encoder of `reference/small.py`: images `[batch, 12, 12, 1]`, codes `[batch, 6]`. */
export class SmallAutoEncoder extends Module {
  private readonly enc1 = layer(layers.conv2d, { filters: 4, kernelSize: 4, strides: 2 });
  private readonly norm = layer(layers.batchNormalization);
  private readonly mix = layer(layers.depthwiseConv2d, {
    kernelSize: 3,
    padding: 'same',
    depthMultiplier: 2,
  });
  private readonly code = layer(layers.dense, { units: 6 });
  private readonly dec1 = layer(layers.conv2dTranspose, { filters: 8, kernelSize: 5, strides: 2 });
  private readonly dec2 = layer(layers.conv2dTranspose, { filters: 1, kernelSize: 4, strides: 2 });

  encode(image: tf.Tensor4D): tf.Tensor2D {
    const hidden = this.mix(this.norm(tf.elu(this.enc1(image))));
    return this.code(tf.reshape(hidden, [image.shape[0], -1]));
  }

  decode(code: tf.Tensor2D): tf.Tensor4D {
    const hidden = this.dec1(tf.reshape(code, [code.shape[0], 1, 1, code.shape[1]]));
    return this.dec2(tf.elu(hidden));
  }
}

/** The model with its layers built. */
export function builtModel(): SmallAutoEncoder {
  const model = new SmallAutoEncoder();
  tf.tidy(() => model.decode(model.encode(tf.zeros([1, 12, 12, 1]))));
  return model;
}

/** The weights that `reference/small.py` draws, by path. */
export function smallWeights(model: Module, seed = 0): StateDict {
  const state: StateDict = new Map();
  for (const [path, { shape }] of model.namedVariables()) {
    const [low, high] = path.includes('variance') ? [0.5, 1.5] : [-0.5, 0.5];
    state.set(path, { dtype: 'float32', shape, data: draw(seed, [path], shape, low, high) });
  }
  return state;
}
