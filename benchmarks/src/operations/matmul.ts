import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import { numbers, operand, prepared } from '../operands.js';

/** Name, rows, k, columns. */
const SIZES = [
  ['128', 128, 128, 128],
  ['512', 512, 512, 512],
  ['1024', 1024, 1024, 1024],
  ['dense-784-64', 32, 784, 64],
] as const;

export const matmul: readonly Case[] = SIZES.map(([name, rows, k, columns]) => ({
  name: `matmul/${name}`,
  flops: 2 * rows * k * columns,
  peers:
    rows * k * columns < 1e7 ? ['stock-wasm', 'stock-cpu', 'jax-js'] : ['stock-wasm', 'jax-js'],
  tfjs: () =>
    prepared([operand<tf.Rank.R2>([rows, k]), operand<tf.Rank.R2>([k, columns])], (a, b) =>
      tf.matMul(a, b),
    ),
  jax: ({ jit, numpy }) => {
    const a = numpy.array(numbers([rows, k])).reshape([rows, k]);
    const b = numpy.array(numbers([k, columns])).reshape([k, columns]);
    const product = jit(numpy.matmul);
    return {
      run: async () => (await product(a.ref, b.ref).blockUntilReady()).dispose(),
      dispose: () => {
        a.dispose();
        b.dispose();
      },
    };
  },
}));
