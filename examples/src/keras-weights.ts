/**
 * Learn to use weights that were trained in Python: writes the same layers as a class, and loads
 * what Keras 3 saved with `model.save_weights('small.weights.h5')`.
 */
import { readFile } from 'node:fs/promises';
import { fromKeras } from '@ae/interop';
import { LayerDict } from '@ae/layer-dict';
import { layers } from '@ae/layers';
import { fillUniform, foldIn } from '@ae/random';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';

class SmallEncoder extends LayerDict {
  /** `[n, 12, 12, 1]` to `[n, 6]` */
  encode(image: tf.Tensor4D): tf.Tensor2D {
    const { conv2d, batchNormalization, depthwiseConv2d, dense } = layers;
    const elu = { activation: 'elu' } as const;
    let hidden = this.get('enc1', conv2d, { filters: 4, kernelSize: 4, strides: 2, ...elu })(image);
    hidden = this.get('norm', batchNormalization)(hidden);
    const mix = { kernelSize: 3, padding: 'same', depthMultiplier: 2 } as const;
    hidden = this.get('mix', depthwiseConv2d, mix)(hidden);
    return this.get('code', dense, { units: 6 })(tf.reshape(hidden, [image.shape[0], -1]));
  }
}

await useWasm();
const model = new SmallEncoder();
const pixels = fillUniform(foldIn(0, 'image'), new Float32Array(2 * 12 * 12));
const image = tf.tensor4d(pixels, [2, 12, 12, 1]);
model.encode(image); // builds the layers, so that they have names and shapes

const file = process.argv[2] ?? new URL('../../reference/data/small.weights.h5', import.meta.url);
const state = await fromKeras(await readFile(file), model, {
  // Keras files some layers under their class instead of the attribute's name.
  rename: { batch_normalization: 'norm', depthwise_conv2d: 'mix' },
});
const report = model.loadStateDict(state);
console.log('loaded:', report.loaded.join(' '));
// The file has a decoder too, for which this class has no layers (yet).
console.log('not used yet:', report.deferred.join(' '));
console.log('codes:', JSON.stringify(Array.from(await model.encode(image).data())));
