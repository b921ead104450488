import type { LayerLike } from '@ae/module';
import { initializers } from '@tensorflow/tfjs-layers';
import type { InitializerLike } from './initial-values.js';

/**
 * Gives a layer the initial values of Keras wherever `config` did not ask for others:
 * kernels are Glorot uniform (normal in tfjs-layers), and the forget gate of an LSTM
 * begins open. Of wrapped layers, which the caller made, a default cannot be told
 * from a choice: they stay.
 */
export function useKerasDefaults(layer: LayerLike, config: unknown): void {
  const asked = typeof config === 'object' && config !== null ? config : {};
  // A recurrent layer makes its cell from its own configuration, unless it is given one.
  const { cell } = layer as { cell?: object };
  const own = cell && !('cell' in asked) ? [layer, cell] : [layer];
  for (const part of own as Record<string, unknown>[]) {
    for (const [option, value] of Object.entries(part)) {
      if ((asked as Record<string, unknown>)[option] != null) continue;
      if (option.endsWith('Initializer') && isGlorotNormal(value)) {
        part[option] = initializers.glorotUniform({});
      }
      if (option === 'unitForgetBias') part[option] = true;
    }
  }
}

function isGlorotNormal(value: unknown): boolean {
  const initializer = value as InitializerLike | null;
  if (initializer?.getClassName?.() !== 'VarianceScaling') return false;
  const { scale, mode, distribution } = initializer.getConfig();
  return scale === 1 && mode === 'fanAvg' && distribution === 'normal';
}
