import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import { codeShape, DECODER, isSmall, layerFlops } from '../layers.js';
import { numbers, operand, prepared } from '../operands.js';

/** `tf.conv2dTranspose` with its weights. */
export const conv2dTranspose: readonly Case[] = DECODER.map((layer) => {
  const { name, image, filter, strides } = layer;
  const code = codeShape(layer);
  return {
    name: `conv2d-transpose/${name}`,
    flops: layerFlops(layer),
    peers: isSmall(layer) ? ['stock-wasm', 'stock-cpu', 'jax-js'] : ['stock-wasm', 'jax-js'],
    tfjs: () =>
      prepared([operand<tf.Rank.R4>(code), operand<tf.Rank.R4>(filter)], (x, w) =>
        tf.conv2dTranspose(x, w, image, strides, 'valid'),
      ),
    // jax-js has the channels first.
    jax: ({ jit, lax, numpy }) => {
      const [n, h, w, c] = code;
      const [kh, kw, oc] = filter;
      const x = numpy.array(numbers(code)).reshape([n, c, h, w]);
      const weights = numpy.array(numbers(filter)).reshape([oc, c, kh, kw]);
      const transposed = jit((a: typeof x, b: typeof x) =>
        lax.convTranspose(a, b, [strides, strides], 'VALID'),
      );
      return {
        run: async () => (await transposed(x.ref, weights.ref).blockUntilReady()).dispose(),
        dispose: () => {
          x.dispose();
          weights.dispose();
        },
      };
    },
  };
});
