import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import { operand, prepared } from '../operands.js';

/** The largest activation of the auto-encoder: its decoder's second layer. */
const SHAPE: [number, number, number, number] = [32, 13, 13, 64];

export const elu: readonly Case[] = [
  {
    name: 'elu/346k',
    flops: undefined,
    peers: ['stock-wasm', 'stock-cpu'],
    tfjs: () => prepared([operand<tf.Rank.R4>(SHAPE)], (x) => tf.elu(x)),
  },
  {
    name: 'grad-elu/346k',
    flops: undefined,
    peers: ['stock-wasm', 'stock-cpu'],
    tfjs: () =>
      prepared([operand<tf.Rank.R4>(SHAPE), operand<tf.Rank.R4>(SHAPE)], (dy, y) =>
        tf.engine().runKernel<tf.Tensor>('EluGrad', { dy, y }),
      ),
  },
];
