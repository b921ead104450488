import { AutoEncoder, LazyAutoEncoder, meanSquaredError } from '@ae/models';
import type { StateDict } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import type { ModelName } from './model-names.js';
import type { SavedRun } from './saved-run.js';
import { UsageError } from './usage-error.js';

export type Model = AutoEncoder | LazyAutoEncoder;

/** A new model with all of its variables made, from the seed alone. */
export function createModel(name: ModelName, seed: number): Model {
  const model = name === 'auto-encoder' ? new AutoEncoder({ seed }) : new LazyAutoEncoder({ seed });
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
 * The model of a checkpoint, with its weights.
 *
 * @throws UsageError when the weights are not those of such a model
 */
export function loadModel({ checkpoint, config, path: source }: SavedRun): Model {
  const model = createModel(config.model, config.seed);
  const weights: StateDict = checkpoint.tensors.weights ?? new Map();
  const own = model.namedVariables();
  for (const path of new Set([...own.keys(), ...weights.keys()])) {
    const [wanted, found] = [own.get(path)?.shape, weights.get(path)?.shape];
    if (String(wanted) === String(found)) continue;
    throw new UsageError(
      `the checkpoint ${source} is of another model: ${path} is ${describe(found)} there, ` +
        `and ${describe(wanted)} in this model`,
    );
  }
  model.loadStateDict(weights);
  return model;
}

function describe(shape: readonly number[] | undefined): string {
  return shape === undefined ? 'missing' : `[${shape.join(', ')}]`;
}
