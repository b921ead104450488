import { joinPath, type LayerLike, layerParts } from '@ae/module';
import { foldIn } from '@ae/random';
import { initializers } from '@tensorflow/tfjs-layers';
import { drawInitial, type InitializerLike } from './initial-values.js';

type AddWeight = (
  name: string,
  shape: number[],
  dtype: 'float32' | undefined,
  initializer: InitializerLike,
  ...rest: unknown[]
) => unknown;

/**
 * Makes a layer that has no variables yet draw them from `seed` and their paths,
 * and replaces the default of tfjs-layers (Glorot normal) by that of Keras
 * (Glorot uniform) wherever `config` did not ask for an initialiser.
 */
export function seedLayer(layer: LayerLike, config: unknown, seed: number, path: string): void {
  const asked = typeof config === 'object' && config !== null ? config : {};
  const seedPart = (part: LayerLike, partPath: string, isConfigured: boolean): void => {
    const target = part as LayerLike & { addWeight: AddWeight };
    const addWeight = target.addWeight;
    target.addWeight = (name, shape, dtype, initializer, ...rest) => {
      const isDefault = isConfigured && isDefaultOf(part, initializer, asked);
      const chosen = isDefault ? initializers.glorotUniform({}) : initializer;
      const weightSeed = foldIn(seed, joinPath(partPath, name));
      const drawn: InitializerLike = {
        apply: (shape, dtype) => drawInitial(chosen, shape, dtype, weightSeed),
        getClassName: () => chosen.getClassName(),
        getConfig: () => chosen.getConfig(),
      };
      return addWeight.call(part, name, shape, dtype, drawn, ...rest);
    };
    for (const [name, inner] of layerParts(part)) {
      // A recurrent layer's cell is made from the layer's own configuration.
      seedPart(inner, joinPath(partPath, name), isConfigured && name === '' && isCell(part, inner));
    }
  };
  seedPart(layer, path, true);
}

function isCell(part: LayerLike, inner: LayerLike): boolean {
  return (part as { cell?: unknown }).cell === inner;
}

/** Whether a layer chose this Glorot normal by itself, because `config` names none. */
function isDefaultOf(layer: LayerLike, initializer: InitializerLike, config: object): boolean {
  const { scale, mode, distribution, seed } = initializer.getConfig();
  if (initializer.getClassName() !== 'VarianceScaling' || scale !== 1 || mode !== 'fanAvg') {
    return false;
  }
  if (distribution !== 'normal' || seed != null) return false;
  const option = Object.entries(layer).find(([, value]) => value === initializer)?.[0];
  return option !== undefined && (config as Record<string, unknown>)[option] == null;
}
