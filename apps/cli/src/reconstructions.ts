import type { Dataset, LabelledImages } from '@ae/data';
import * as tf from '@tensorflow/tfjs-core';
import { type Model, reconstruct } from './model.js';
import { type Images, pairsPicture } from './picture-grid.js';

/** A PNG picture of the first `count` images, each above what the model makes of it. */
export async function reconstructionsPicture(
  model: Model,
  dataset: Dataset<LabelledImages>,
  count: number,
): Promise<Uint8Array> {
  const chosen = dataset.take(count);
  for await (const { image, label } of chosen.batch(chosen.length).batches(0)) {
    const output = tf.tidy(() => reconstruct(model, image));
    const picture = pairsPicture(await toImages(image), await toImages(output));
    tf.dispose([image, label, output]);
    return picture;
  }
  throw new Error('there are no images');
}

async function toImages(tensor: tf.Tensor4D): Promise<Images> {
  const [count, height, width] = tensor.shape;
  return { pixels: await tensor.data(), count, height, width };
}
