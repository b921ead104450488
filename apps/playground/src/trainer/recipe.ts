import { AutoEncoder, LazyAutoEncoder, meanSquaredError } from '@ae/models';
import { adam, type Optimizer } from '@ae/train';
import * as tf from '@tensorflow/tfjs-core';
import type { LossName, ModelName, Settings } from './protocol.js';

/** What the page can train: images to a code and back. */
export type Model = AutoEncoder | LazyAutoEncoder;

/** `image` is `[batch, 28, 28, 1]`, 0..1. */
export type ImageBatch = { readonly image: tf.Tensor4D };

export type ImageLoss = (model: Model, batch: ImageBatch) => tf.Scalar;

const MODELS: Record<ModelName, (settings: Settings) => Model> = {
  'auto-encoder': ({ codeSize, seed }) => new AutoEncoder({ codeSize, seed }),
  'lazy-auto-encoder': ({ codeSize, seed }) => new LazyAutoEncoder({ codeSize, seed }),
};

const DISTANCES: Record<LossName, (target: tf.Tensor, prediction: tf.Tensor) => tf.Scalar> = {
  'mean squared error': meanSquaredError,
  'mean absolute error': (target, prediction) => tf.mean(tf.abs(tf.sub(prediction, target))),
};

/** A new model with all of its layers built, so that its summary and weights are there. */
export function makeModel(settings: Settings): Model {
  const model = MODELS[settings.model](settings);
  tf.tidy(() => model.decode(model.encode(tf.zeros([1, 28, 28, 1]))));
  return model;
}

export function makeOptimizer({ learningRate }: Settings): Optimizer {
  return adam({ learningRate });
}

export function makeLoss({ loss }: Settings): ImageLoss {
  const distance = DISTANCES[loss];
  return (model, { image }) => distance(image, model.decode(model.encode(image)));
}
