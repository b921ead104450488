/**
 * Learn how a model is one class: its layers are fields, its methods are what it does, and the
 * training stands outside of it.
 */
import { mnist } from '@ae/data/node';
import { layer, setSeed } from '@ae/layer-dict';
import { meanSquaredError } from '@ae/models';
import { Module } from '@ae/module';
import { adam, fit } from '@ae/train';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

class AutoEncoder extends Module {
  private readonly enc1 = layer(layers.conv2d, { filters: 32, kernelSize: 4, strides: 2 });
  private readonly enc2 = layer(layers.conv2d, { filters: 64, kernelSize: 4, strides: 2 });
  private readonly enc3 = layer(layers.conv2d, { filters: 128, kernelSize: 4, strides: 2 });
  private readonly code = layer(layers.dense, { units: 64 });
  private readonly dec1 = layer(layers.conv2dTranspose, {
    filters: 128,
    kernelSize: 5,
    strides: 2,
  });
  private readonly dec2 = layer(layers.conv2dTranspose, { filters: 64, kernelSize: 5, strides: 2 });
  private readonly dec3 = layer(layers.conv2dTranspose, { filters: 1, kernelSize: 4, strides: 2 });

  /** `[n, 28, 28, 1]` to `[n, 64]` */
  encode(image: tf.Tensor4D): tf.Tensor2D {
    let hidden = tf.elu(this.enc1(image));
    hidden = tf.elu(this.enc2(hidden));
    hidden = tf.elu(this.enc3(hidden));
    return this.code(tf.reshape(hidden, [image.shape[0], -1]));
  }

  /** `[n, 64]` to `[n, 28, 28, 1]` */
  decode(code: tf.Tensor2D): tf.Tensor4D {
    let hidden: tf.Tensor = tf.reshape(code, [code.shape[0], 1, 1, 64]);
    hidden = tf.elu(this.dec1(hidden));
    hidden = tf.elu(this.dec2(hidden));
    return this.dec3(hidden);
  }
}

await useWasm();
const { train, test } = await mnist();
const model = new AutoEncoder();
setSeed(model, 0);

const history = await fit({
  model,
  data: train.shuffle(0).take(640).batch(32), // all of `train` for good reconstructions
  validation: test.take(100).batch(100),
  loss: (model, { image }) => meanSquaredError(image, model.decode(model.encode(image))),
  optimizer: adam({ learningRate: 1e-3 }),
  epochs: 2,
});

for (const { epoch, loss, validation } of history.epochs) {
  console.log(`epoch ${epoch}: loss ${loss.toFixed(4)}, test ${validation?.loss.toFixed(4)}`);
}
console.log([...model.namedVariables().keys()].join(' '));
