import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import { ALL, codeShape, isSmall, layerFlops } from '../layers.js';
import { operand, prepared } from '../operands.js';

/** The gradient of a convolution, or of a transposed one, by its weights; not in stock WASM. */
export const gradFilter: readonly Case[] = ALL.map((layer) => {
  const { name, image, filter, strides, pad } = layer;
  const attributes = { strides, pad, dataFormat: 'NHWC', filterShape: filter };
  return {
    name: `grad-filter/${name}`,
    flops: layerFlops(layer),
    peers: isSmall(layer) ? ['stock-cpu'] : [],
    tfjs: () =>
      prepared([operand<tf.Rank.R4>(image), operand<tf.Rank.R4>(codeShape(layer))], (x, dy) =>
        tf.engine().runKernel<tf.Tensor>('Conv2DBackpropFilter', { x, dy }, attributes),
      ),
  };
});
