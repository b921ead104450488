import { isLayer, joinPath, type Module, type Trackable, type TrackedNode, walk } from '@ae/module';
import { foldIn } from '@ae/random';
import { tidy, Variable } from '@tensorflow/tfjs-core';
import { isFresh } from './fresh-variables.js';
import { drawRandom, type InitializerLike } from './initial-values.js';

/**
 * Draws the random weights of layers below `module` that exist already as they would
 * have been drawn with `seed`, unless another seed is set on a module in between.
 */
export function redrawBelow(
  module: Module,
  hasOwnSeed: (node: object) => boolean,
  seed: number,
): void {
  redraw(module, '', seed, ({ owner }) => {
    let closest = owner;
    while (closest && !hasOwnSeed(closest.value)) closest = closest.owner;
    return closest?.value === module;
  });
}

/**
 * Draws the weights of a layer that came with weights, as a whole model does, by seed
 * and path; not those that were given values by whoever made it.
 */
export function redrawFresh(callable: Trackable, path: string, seed: number): void {
  redraw(callable, path, seed, ({ value }) => isFresh(value));
}

interface WeightNode extends TrackedNode {
  readonly value: Variable;
}

function redraw(
  root: Trackable,
  prefix: string,
  seed: number,
  isMeant: (node: WeightNode) => boolean,
): void {
  for (const node of walk(root)) {
    const { path, value, owner } = node;
    if (!(value instanceof Variable) || !isLayer(owner?.value)) continue;
    const initializer = initializerOf(owner.value, path.slice(path.lastIndexOf('/') + 1));
    if (!initializer || !isMeant({ ...node, value })) continue;
    tidy(() => {
      const weightSeed = foldIn(seed, joinPath(prefix, path));
      const drawn = drawRandom(initializer, value.shape, value.dtype, weightSeed);
      if (drawn) value.assign(drawn);
    });
  }
}

/** `recurrent_kernel` is drawn by `recurrentInitializer`, `embeddings` by `embeddingsInitializer`. */
function initializerOf(layer: object, weight: string): InitializerLike | undefined {
  const option = weight
    .replace(/_kernel$/, '')
    .replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return (layer as Record<string, InitializerLike | undefined>)[`${option}Initializer`];
}
