import * as tf from '@tensorflow/tfjs-core';
import type { Callback, TrainingRun } from '../loop/callback.js';
import { encodePng, type Png } from './png.js';

/** Where pictures go: TensorBoard, a folder, a page. */
export interface ImageWriter {
  writeImage(tag: string, step: number, png: Png): void | Promise<void>;
}

/** Options of {@link logImages}. */
export interface LogImagesOptions {
  /** What the pictures show, such as `reconstructions`. */
  tag: string;
  /** Makes the pictures: `[count, height, width, channels]`, values 0 .. 1. They are disposed of. */
  images: (run: TrainingRun) => tf.Tensor4D;
  to: ImageWriter;
  /** At the end of every so many epochs; 1. */
  everyEpochs?: number;
}

/** Writes pictures, side by side, at the ends of epochs. */
export function logImages(options: LogImagesOptions): Callback {
  const { tag, images, to, everyEpochs = 1 } = options;
  return {
    name: `logImages ${tag}`,
    async onEpochEnd({ epoch, step }, run) {
      if ((epoch + 1) % everyEpochs !== 0) return;
      const tensor = tf.tidy(() => images(run));
      try {
        await to.writeImage(tag, step, await encodePng(tensor));
      } finally {
        tensor.dispose();
      }
    },
  };
}
