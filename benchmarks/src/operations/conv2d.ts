import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import { CONVOLUTIONS, isSmall, layerFlops } from '../layers.js';
import { numbers, operand, prepared } from '../operands.js';

/** `tf.conv2d` with its weights. */
export const conv2d: readonly Case[] = CONVOLUTIONS.map((layer) => {
  const { name, image, filter, strides, pad } = layer;
  return {
    name: `conv2d/${name}`,
    flops: layerFlops(layer),
    peers: isSmall(layer)
      ? ['stock-wasm', 'stock-cpu', 'jax-js']
      : layerFlops(layer) < 1e9
        ? ['stock-wasm', 'jax-js']
        : ['stock-wasm'],
    tfjs: () =>
      prepared([operand<tf.Rank.R4>(image), operand<tf.Rank.R4>(filter)], (x, w) =>
        tf.conv2d(x, w, strides, pad),
      ),
    // jax-js has the channels first.
    jax: ({ jit, lax, numpy }) => {
      const [n, h, w, c] = image;
      const [kh, kw, , oc] = filter;
      const x = numpy.array(numbers(image)).reshape([n, c, h, w]);
      const weights = numpy.array(numbers(filter)).reshape([oc, c, kh, kw]);
      const padding = pad === 'same' ? 'SAME' : 'VALID';
      const convolution = jit((a: typeof x, b: typeof x) =>
        lax.convGeneralDilated(a, b, [strides, strides], padding),
      );
      return {
        run: async () => (await convolution(x.ref, weights.ref).blockUntilReady()).dispose(),
        dispose: () => {
          x.dispose();
          weights.dispose();
        },
      };
    },
  };
});
