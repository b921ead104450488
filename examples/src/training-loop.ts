/**
 * Learn to write the training loop yourself: value and gradients, a step of the optimizer, and who
 * disposes of what.
 */
import { LayerDict } from '@ae/layer-dict';
import { adam, cosine, Mean, valueAndGradients } from '@ae/train';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

class Curve extends LayerDict {
  /** `[n, 1]` to `[n, 1]` */
  call(x: tf.Tensor2D): tf.Tensor2D {
    const hidden = tf.tanh(this.get('hidden', layers.dense, { units: 32 })(x));
    return this.get('out', layers.dense, { units: 1 })(hidden);
  }
}

await useWasm();
const model = new Curve({ seed: 0 });
const optimizer = adam({ learningRate: cosine({ initial: 2e-2, steps: 400 }) });
let mean = new Mean();
let tensors = 0;

for (let step = 1; step <= 400; step++) {
  const x = tf.randomUniform<tf.Rank.R2>([64, 1], -3, 3, 'float32', step);
  const y = tf.sin(x);
  const { value, gradients, dispose } = valueAndGradients(
    () => tf.mean(tf.squaredDifference(model.call(x), y)),
    model,
  );
  optimizer.apply(gradients, model); // gradients and the optimizer's memory go by path
  mean.update((await value.data())[0]!, x.shape[0]);
  dispose(); // the loss and the gradients
  tf.dispose([x, y]);

  if (step % 100 === 0) {
    console.log(`step ${step}: loss ${mean.result().toFixed(5)}`);
    mean = new Mean();
    if (step === 100) tensors = tf.memory().numTensors;
  }
}
console.log('tensors left behind by 300 steps:', tf.memory().numTensors - tensors);
