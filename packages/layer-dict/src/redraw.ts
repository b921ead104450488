import { isLayer, type Module, walk } from '@ae/module';
import { foldIn } from '@ae/random';
import { tidy, Variable } from '@tensorflow/tfjs-core';
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
  for (const { path, value, owner } of walk(module)) {
    if (!(value instanceof Variable) || !isLayer(owner?.value)) continue;
    let closest = owner.owner;
    while (closest && !hasOwnSeed(closest.value)) closest = closest.owner;
    if (closest?.value !== module) continue;
    const initializer = initializerOf(owner.value, path.slice(path.lastIndexOf('/') + 1));
    if (!initializer) continue;
    tidy(() => {
      const drawn = drawRandom(initializer, value.shape, value.dtype, foldIn(seed, path));
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
