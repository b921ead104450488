import { meanSquaredError } from '@ae/models';
import type { Module } from '@ae/module';
import type * as tf from '@tensorflow/tfjs-core';
import type { Peer } from '../case.js';
import type { JaxModel } from '../jax-steps.js';

/** A model that reconstructs images. */
export interface Coder extends Module {
  encode(image: tf.Tensor): tf.Tensor;
  decode(code: tf.Tensor): tf.Tensor;
}

/** A model whose training step and inference are measured. */
export interface Model {
  /** For the names of the cases, and what the scripts in `native/` know it by. */
  readonly name: string;
  /** Of one image, without the batch. */
  readonly imageShape: readonly number[];
  /** Multiplications and additions of each layer for one image, forward. */
  readonly flops: { readonly encoder: readonly number[]; readonly decoder: readonly number[] };
  /** Which peers train it in bearable time. */
  readonly stepPeers: readonly Peer[];
  make(): Coder;
  readonly jax: JaxModel;
}

/** What training makes small. */
export function reconstructionLoss(coder: Coder, image: tf.Tensor): tf.Scalar {
  return meanSquaredError(image, coder.decode(coder.encode(image)));
}

/** Forward, gradient by the weights, gradient by the input; the last not for the image itself. */
export function stepFlops({ flops: { encoder, decoder } }: Model, batch: number): number {
  const layers = [...encoder, ...decoder];
  return batch * (3 * sum(layers) - layers[0]!);
}

export function encodeFlops({ flops: { encoder } }: Model, batch: number): number {
  return batch * sum(encoder);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
