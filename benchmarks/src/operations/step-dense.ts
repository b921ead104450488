import { meanSquaredError } from '@ae/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Case, Prepared } from '../case.js';
import { numbers, operand } from '../operands.js';
import { trainingSteps } from '../training-steps.js';

const BATCH = 32;
const [PIXELS, CODE] = [784, 64];

/** One training step of a small dense auto-encoder, where the cost of calls shows. */
export const stepDense: readonly Case[] = [
  {
    name: `step/dense-784-64-784/b${BATCH}`,
    // Forward and gradient by the weights of two layers, gradient by the input of the second.
    flops: 5 * 2 * BATCH * PIXELS * CODE,
    peers: ['stock-wasm', 'stock-cpu'],
    tfjs: () => {
      const image = operand<tf.Rank.R2>([BATCH, PIXELS]);
      const variables = new Map(
        Object.entries({
          'encoder/kernel': [PIXELS, CODE],
          'encoder/bias': [CODE],
          'decoder/kernel': [CODE, PIXELS],
          'decoder/bias': [PIXELS],
        }).map(([path, shape]) => [path, tf.variable(tf.tensor(numbers(shape), shape))]),
      );
      const variable = (path: string) => variables.get(path) as tf.Variable<tf.Rank.R2>;
      const dense = (x: tf.Tensor2D, name: string) =>
        tf.add(tf.matMul(x, variable(`${name}/kernel`)), variable(`${name}/bias`)) as tf.Tensor2D;
      const loss = (x: tf.Tensor) =>
        meanSquaredError(x, dense(tf.relu(dense(x as tf.Tensor2D, 'encoder')), 'decoder'));
      if (tf.getBackend() === 'ae-wasm') {
        return trainingSteps(variables, image, (_, x) => loss(x));
      }
      return {
        run: stock(() => loss(image), variables),
        dispose: () => tf.dispose([image, ...variables.values()]),
      };
    },
  },
];

function stock(loss: () => tf.Scalar, variables: Map<string, tf.Variable>): Prepared['run'] {
  const optimizer = tf.train.adam(1e-3);
  return () => {
    const value = optimizer.minimize(loss, true, [...variables.values()])!;
    value.dataSync();
    value.dispose();
  };
}
