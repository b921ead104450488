/**
 * Learn to look at the space of codes: walks from one digit to another in a straight line between
 * their codes, and draws what lies on the way as a PNG.
 */
import { writeFile } from 'node:fs/promises';
import { mnist } from '@ae/data/node';
import { AutoEncoder, meanSquaredError } from '@ae/models';
import { adam, encodePng, fit } from '@ae/train';
import { useWasm } from '@ae/wasm';
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';

const STEPS = 9;

await useWasm();
const { train, test } = await mnist();
const model = new AutoEncoder({ codeSize: 16, seed: 0 });
await fit({
  model,
  data: train.shuffle(0).take(1280).batch(32), // all of `train` for sharper digits
  loss: (model, { image }) => meanSquaredError(image, model.decode(model.encode(image))),
  optimizer: adam({ learningRate: 2e-3 }),
  epochs: 1,
});

for await (const { image, label } of test.take(2).batch(2).batches(0)) {
  const digits = tf.tidy(() => {
    const [first, last] = tf.split(model.encode(image), 2);
    const codes = Array.from({ length: STEPS }, (_, step) => {
      const part = step / (STEPS - 1);
      return tf.add(tf.mul(first!, 1 - part), tf.mul(last!, part));
    });
    return model.decode(tf.concat(codes) as tf.Tensor2D);
  });
  const { width, height, bytes } = await encodePng(digits);
  await writeFile('interpolation.png', bytes);
  const [from, to] = await label.data();
  console.log(`interpolation.png: ${width} x ${height}, from a ${from} to a ${to}`);
  tf.dispose([image, label, digits]);
}
