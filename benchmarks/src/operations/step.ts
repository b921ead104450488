import * as tf from '@tensorflow/tfjs-core';
import type { Case, Prepared } from '../case.js';
import { jaxSteps } from '../jax-steps.js';
import { type Model, reconstructionLoss, stepFlops } from '../models/model.js';
import { MODELS } from '../models.js';
import { operand } from '../operands.js';
import { trainingSteps } from '../training-steps.js';

const BATCH = 32;

/** One training step: loss, gradients, Adam. */
export const step: readonly Case[] = MODELS.map((model) => ({
  name: `step/${model.name}/b${BATCH}`,
  flops: stepFlops(model, BATCH),
  peers: model.stepPeers,
  tfjs: () => (tf.getBackend() === 'ae-wasm' ? ours(model, false) : stock(model)),
  compiled: () => ours(model, true),
  jax: (jax) => jaxSteps(jax, model.jax, BATCH),
  nativeModel: model.name,
}));

function ours(model: Model, compile: boolean): Prepared {
  return trainingSteps(model.make(), images(model), compile);
}

/** As TensorFlow.js itself trains. */
function stock(model: Model): Prepared {
  const coder = model.make();
  const image = images(model);
  const loss = (): tf.Scalar => reconstructionLoss(coder, image);
  // Layers make their variables when they are first used; the optimizer wants a list of them.
  tf.tidy(() => loss()).dispose();
  const optimizer = tf.train.adam(1e-3);
  return {
    run: () => {
      const value = optimizer.minimize(loss, true, coder.trainableVariables)!;
      value.dataSync();
      value.dispose();
    },
    dispose: () => {
      optimizer.dispose();
      coder.dispose();
      image.dispose();
    },
  };
}

function images({ imageShape }: Model): tf.Tensor {
  return operand([BATCH, ...imageShape]);
}
