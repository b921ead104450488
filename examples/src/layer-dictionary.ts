/**
 * Learn how a layer is mentioned once, where it is used: `get` makes it at the first call, and
 * gives the same one, by its name, ever after.
 */
import { LayerDict } from '@ae/layer-dict';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

class Classifier extends LayerDict {
  call(image: tf.Tensor4D): tf.Tensor2D {
    let hidden: tf.Tensor = image;
    // A depth that is a number, not a list of fields.
    for (let block = 0; block < 3; block++) {
      const filters = 8 * 2 ** block;
      const convolve = this.get(['block', block], layers.conv2d, { filters, kernelSize: 3 });
      hidden = tf.relu(convolve(hidden));
    }
    const features = tf.mean<tf.Tensor2D>(hidden, [1, 2]);
    return this.get('scores', layers.dense, { units: 10 })(features);
  }
}

await useWasm();
const model = new Classifier({ seed: 0 });
console.log('before the first call:', model.variables.length, 'variables');

const image = tf.zeros<tf.Rank.R4>([1, 28, 28, 1]);
model.call(image);
model.call(image);
console.log('after two calls:', model.variables.length, 'variables');
for (const [path, { shape }] of model.namedVariables()) console.log(path, JSON.stringify(shape));

// The same name with other arguments would be two layers under one name, so it is refused.
try {
  model.get('scores', layers.dense, { units: 11 });
} catch (error) {
  console.log(String(error));
}
