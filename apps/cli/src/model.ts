import { AutoEncoder, LazyAutoEncoder, meanSquaredError } from '@ae/models';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelName } from './model-names.js';
import type { SavedWeights } from './open-weights.js';
import { UsageError } from './usage-error.js';

export type Model = AutoEncoder | LazyAutoEncoder;

/** A new model with all of its variables made, from the seed alone. */
export function createModel(name: ModelName, seed: number, codeSize = 64): Model {
  const Style = name === 'auto-encoder' ? AutoEncoder : LazyAutoEncoder;
  const model = new Style({ seed, codeSize });
  tf.tidy(() => void reconstruct(model, tf.zeros([1, 28, 28, 1])));
  return model;
}

/** From images `[batch, 28, 28, 1]` to what the model makes of them, of the same shape. */
export function reconstruct(model: Model, image: tf.Tensor4D): tf.Tensor4D {
  return model.decode(model.encode(image));
}

/** The mean squared error of the reconstruction. */
export function reconstructionLoss(
  model: Model,
  { image }: { readonly image: tf.Tensor4D },
): tf.Scalar {
  return meanSquaredError(image, reconstruct(model, image));
}

/**
 * The model that has these weights.
 *
 * @throws UsageError when the weights are not those of such a model
 */
export function loadModel({ weights, model: name, path: source }: SavedWeights): Model {
  const model = createModel(name, 0, weights.get('code/bias')?.shape[0]);
  const own = model.namedVariables();
  for (const path of new Set([...own.keys(), ...weights.keys()])) {
    const [wanted, found] = [own.get(path)?.shape, weights.get(path)?.shape];
    if (String(wanted) === String(found)) continue;
    throw new UsageError(
      `${source} is of another model: ${path} is ${describe(found)} there, ` +
        `and ${describe(wanted)} in this model`,
    );
  }
  model.loadStateDict(weights);
  return model;
}

function describe(shape: readonly number[] | undefined): string {
  return shape === undefined ? 'missing' : `[${shape.join(', ')}]`;
}
