import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import {
  CONVOLUTIONS,
  type ConvLayer,
  codeShape,
  DECODER,
  isSmall,
  layerFlops,
} from '../layers.js';
import { operand, prepared } from '../operands.js';

/** The gradient of a convolution, or of a transposed one, by its input. */
export const gradInput: readonly Case[] = [
  ...CONVOLUTIONS.map((layer) => gradientCase(layer, false)),
  ...DECODER.map((layer) => gradientCase(layer, true)),
];

function gradientCase(layer: ConvLayer, isTransposed: boolean): Case {
  const { name, image, filter, strides, pad } = layer;
  const attributes = { strides, pad, dataFormat: 'NHWC', dilations: 1, inputShape: image };
  const [kernel, dyName, dyShape] = isTransposed
    ? (['Conv2D', 'x', image] as const)
    : (['Conv2DBackpropInput', 'dy', codeShape(layer)] as const);
  return {
    name: `grad-input/${name}`,
    flops: layerFlops(layer),
    peers: isSmall(layer)
      ? ['stock-wasm', 'stock-cpu']
      : layerFlops(layer) < 1e9
        ? ['stock-wasm']
        : [],
    tfjs: () =>
      prepared([operand<tf.Rank.R4>(dyShape), operand<tf.Rank.R4>(filter)], (dy, w) =>
        tf.engine().runKernel<tf.Tensor>(kernel, { [dyName]: dy, filter: w }, attributes),
      ),
  };
}
