import { AutoEncoder } from '@ae/models';
import { type ConvLayer, DECODER, ENCODER, layerFlops } from '../layers.js';
import { jaxAutoEncoder } from './auto-encoder-jax.js';
import type { Model } from './model.js';

/** Of one image, of the tables' thirty-two. */
const flopsOf = (layer: ConvLayer): number => layerFlops(layer) / layer.image[0];

/** The essay's. */
export const autoEncoder: Model = {
  name: 'auto-encoder',
  imageShape: [28, 28, 1],
  flops: {
    encoder: [...ENCODER.map(flopsOf), 2 * 128 * 64],
    decoder: DECODER.map(flopsOf),
  },
  // Stock WASM lacks Conv2DBackpropFilter, the CPU backend takes most of a minute, and jax-js
  // takes minutes already under jit.
  stepPeers: ['jax-js'],
  make: () => new AutoEncoder({ seed: 0 }),
  jax: jaxAutoEncoder,
};
