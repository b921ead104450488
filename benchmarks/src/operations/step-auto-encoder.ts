import { AutoEncoder, meanSquaredError } from '@ae/models';
import * as tf from '@tensorflow/tfjs-core';
import type { Case, Prepared } from '../case.js';
import { ALL, layerFlops } from '../layers.js';
import { operand } from '../operands.js';
import { trainingSteps } from '../training-steps.js';
import { jaxAutoEncoderStep } from './step-auto-encoder-jax.js';

const BATCH = 32;

/** One training step of the essay's auto-encoder: loss, gradients, Adam. */
export const stepAutoEncoder: readonly Case[] = [
  {
    name: `step/auto-encoder/b${BATCH}`,
    flops: stepFlops(),
    // Stock WASM lacks Conv2DBackpropFilter; the CPU backend takes most of a minute.
    peers: ['jax-js'],
    tfjs: () => (tf.getBackend() === 'ae-wasm' ? ours() : unsupported()),
    jax: jaxAutoEncoderStep,
  },
];

function ours(): Prepared {
  const model = new AutoEncoder({ seed: 0 });
  const image = operand<tf.Rank.R4>([BATCH, 28, 28, 1]);
  return trainingSteps(model, image, (m, x) =>
    meanSquaredError(x, m.decode(m.encode(x as tf.Tensor4D))),
  );
}

function unsupported(): never {
  throw new Error('Only this project trains convolutions on WASM');
}

/** Forward, gradient by the weights, gradient by the input; the last not for the image itself. */
function stepFlops(): number {
  const layers = ALL.filter(({ name }) => /^(conv|dec)\d$/.test(name)).map(layerFlops);
  const code = 2 * BATCH * 128 * 64;
  return 3 * (layers.reduce((a, b) => a + b, 0) + code) - layers[0]!;
}
