/**
 * One run for kill.mjs: trains a small model and saves after every other step, on a
 * slow disk, so that a write is under way most of the time.
 *
 *   node scripts/kill-child.mjs FOLDER STEPS
 */
import * as fileSystem from 'node:fs/promises';
import { ema, Module } from '@ae/module';
import { adam, cosine, earlyStopping, fit } from '@ae/train';
import { directory } from '@ae/train/node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';

const [folder, steps] = process.argv.slice(2);
await tf.setBackend('cpu');

/** The file system, where every operation takes 2 ms longer. */
const slow = Object.fromEntries(
  Object.entries(fileSystem).map(([name, operation]) => [
    name,
    async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return operation(...args);
    },
  ]),
);

class Line extends Module {
  kernel = tf.variable(tf.fill([16, 8], 0.1));
  bias = tf.variable(tf.zeros([8]));
}

const model = new Line();
const data = {
  *batches(epoch, start = 0) {
    for (let batch = start; batch < 7; batch++) {
      const examples = batch === 6 ? 1 : 3;
      const x = tf.tensor(
        Float32Array.from({ length: examples * 16 }, (_, i) => Math.sin(i + 7 * epoch + batch)),
        [examples, 16],
      );
      yield { x };
    }
  },
};

let begun = false;
const announce = {
  name: 'announce',
  onStepEnd() {
    if (!begun) process.stdout.write('training\n');
    begun = true;
  },
};
await fit({
  model,
  data,
  loss: ({ kernel, bias }, { x }, { random, training }) => {
    const noisy = training ? tf.add(x, random.normal('noise', x.shape)) : x;
    const y = tf.add(tf.matMul(random.dropout('dropout', noisy, 0.1), kernel), bias);
    return { loss: tf.mean(tf.squaredDifference(y, 1)), largest: tf.max(y) };
  },
  optimizer: adam({ learningRate: cosine({ initial: 0.01, steps: 1000 }) }),
  steps: Number(steps),
  accumulate: 2,
  average: ema(model, 0.9),
  validation: data,
  callbacks: [earlyStopping({ patience: 1000 }), announce],
  checkpoint: { store: directory(folder, slow), every: 2, keep: { last: 2, best: 1 } },
  resume: true,
  seed: 3,
});
process.stdout.write('done\n');
