import type * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from './dataset.js';
import { fromArrays } from './from-arrays.js';
import { type IdxArray, IdxError } from './idx.js';

/** `image` `[batch, height, width, 1]`, float32 from 0 to 1; `label` `[batch]`, int32. */
export type LabelledImages = { readonly image: tf.Tensor4D; readonly label: tf.Tensor1D };

/**
 * The dataset of an IDX file of images (`uint8`, `[n, height, width]`) and one
 * of labels (`uint8`, `[n]`): MNIST, Fashion-MNIST, EMNIST, KMNIST.
 *
 * @throws IdxError when the two are not that, or differ in length
 */
export function fromIdx(images: IdxArray, labels: IdxArray): Dataset<LabelledImages> {
  const [count, height, width] = images.shape;
  if (images.dtype !== 'uint8' || images.shape.length !== 3 || !height || !width) {
    throw new IdxError(`images must be uint8 [n, height, width], not ${describe(images)}`);
  }
  if (labels.dtype !== 'uint8' || labels.shape.length !== 1) {
    throw new IdxError(`labels must be uint8 [n], not ${describe(labels)}`);
  }
  if (count !== labels.shape[0]) {
    throw new IdxError(`there are ${count} images, but ${labels.shape[0]} labels`);
  }
  return fromArrays({
    image: { data: images.data, shape: [height, width, 1], divideBy: 255 },
    label: labels.data,
  });
}

function describe({ dtype, shape }: IdxArray): string {
  return `${dtype} [${shape.join(', ')}]`;
}
