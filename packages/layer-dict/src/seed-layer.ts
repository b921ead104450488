import { joinPath, type LayerLike, layerParts, shadow } from '@ae/module';
import { foldIn } from '@ae/random';
import { type DataType, tidy } from '@tensorflow/tfjs-core';
import { drawRandom, type InitializerLike } from './initial-values.js';

interface WeightedLayer extends LayerLike {
  addWeight(
    name: string,
    shape: number[],
    dtype: DataType | undefined,
    initializer: InitializerLike,
    ...rest: unknown[]
  ): unknown;
}

/**
 * Makes a layer, and the layers inside it, draw the variables that they will make
 * from `seed` and the variable's path.
 */
export function seedLayer(layer: LayerLike, seed: number, path: string): void {
  const part = layer as WeightedLayer;
  const addWeight = part.addWeight;
  shadow(part, 'addWeight', (name, shape, dtype, initializer, ...rest) => {
    const seeded = {
      getClassName: () => initializer.getClassName(),
      getConfig: () => initializer.getConfig(),
      apply: (size: number[], type?: DataType) =>
        tidy(
          () =>
            drawRandom(initializer, size, type, foldIn(seed, joinPath(path, name))) ??
            initializer.apply(size, type),
        ),
    };
    return addWeight.call(part, name, shape, dtype, seeded, ...rest);
  });
  for (const [name, inner] of layerParts(layer)) seedLayer(inner, seed, joinPath(path, name));
}
