/**
 * Learn to train on something else than the data: a denoising auto-encoder sees noisy digits and is
 * asked for the clean ones. The noise depends on the seed and the step alone.
 */
import { mnist } from '@ae/data/node';
import { LayerDict } from '@ae/layer-dict';
import { meanSquaredError } from '@ae/models';
import { adam, evaluate, fit, type StepContext } from '@ae/train';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

class Denoiser extends LayerDict {
  /** `[n, 28, 28, 1]` to the same shape, values from 0 to 1 */
  call(noisy: tf.Tensor4D): tf.Tensor4D {
    const pixels = tf.reshape(noisy, [noisy.shape[0], 28 * 28]);
    const hidden = tf.relu(this.get('hidden', layers.dense, { units: 256 })(pixels));
    const clean = this.get('clean', layers.dense, { units: 28 * 28 })(hidden);
    return tf.reshape(tf.sigmoid(clean), [noisy.shape[0], 28, 28, 1]);
  }
}

await useWasm();
const { train, test } = await mnist();
const model = new Denoiser({ seed: 0 });

function loss(model: Denoiser, { image }: { image: tf.Tensor4D }, { random }: StepContext) {
  const noise = random.normal('noise', image.shape, 0, 0.5);
  const noisy = tf.clipByValue(tf.add(image, noise), 0, 1) as tf.Tensor4D;
  return {
    loss: meanSquaredError(image, model.call(noisy)),
    untouched: meanSquaredError(image, noisy), // any other scalar is a metric
  };
}

await fit({
  model,
  data: train.shuffle(0).take(3200).batch(64),
  loss,
  optimizer: adam({ learningRate: 2e-3 }),
  epochs: 2,
});

const result = await evaluate({ model, data: test.take(200).batch(100), loss });
console.log('error of noisy digits:   ', result.metrics.untouched?.toFixed(4));
console.log('error of denoised digits:', result.loss.toFixed(4));
