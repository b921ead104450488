import { compile } from '@ae/function';
import * as tf from '@tensorflow/tfjs-core';
import type { Case, Prepared } from '../case.js';
import { type Coder, encodeFlops, type Model } from '../models/model.js';
import { MODELS } from '../models.js';
import { operand } from '../operands.js';

/** Inference of one image, where the cost of calls shows most. */
export const encode: readonly Case[] = MODELS.map((model) => ({
  name: `encode/${model.name}/b1`,
  flops: encodeFlops(model, 1),
  peers: ['stock-wasm', 'stock-cpu'],
  tfjs: () => prepare(model, (coder) => (image) => tf.tidy(() => coder.encode(image))),
  compiled: () =>
    prepare(model, (coder) => compile((image: tf.Tensor) => coder.encode(image), { strict: true })),
}));

/** Turns an image into its code; the caller disposes of that. */
type Encode = ((image: tf.Tensor) => tf.Tensor) & { dispose?(): void };

function prepare(model: Model, encodeOf: (coder: Coder) => Encode): Prepared {
  const coder = model.make();
  const encode = encodeOf(coder);
  const image = operand([1, ...model.imageShape]);
  return {
    run: () => encode(image).dispose(),
    dispose: () => {
      encode.dispose?.();
      coder.dispose();
      image.dispose();
    },
  };
}
