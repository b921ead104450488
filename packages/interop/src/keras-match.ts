import type { KerasWeight } from './keras-file.js';
import type { Renamer } from './rename.js';
import { type HasNamedVariables, joinPath, type LayerShapes, layersOf } from './target.js';

/** The order in which Keras's layers make their weights, which is all that Keras 3's files keep. */
const ORDER = [
  'depthwise_kernel',
  'pointwise_kernel',
  'kernel',
  'recurrent_kernel',
  'embeddings',
  'gamma',
  'beta',
  'alpha',
  'bias',
  'moving_mean',
  'moving_variance',
];

/** A layer's names in Keras's order; names that Keras does not have come last, by name. */
export function inKerasOrder(names: Iterable<string>): string[] {
  const place = (name: string): number =>
    ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length;
  return [...names].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/**
 * For each weight of a file its path in the module; a weight without a place
 * there keeps a path made of the file's own names.
 */
export function matchWeights(
  weights: readonly KerasWeight[],
  model: HasNamedVariables,
  renamer: Renamer,
): Map<KerasWeight, string> {
  const layers = layersOf(model);
  const matched = new Map<KerasWeight, string>();
  for (const weight of weights) {
    const layer = renamer.apply(weight.layer);
    const name = nameOf(weight.key, layers.get(layer));
    matched.set(weight, joinPath(layer, name));
  }
  renamer.assertAllUsed();
  return matched;
}

function nameOf(key: string | number, shapes: LayerShapes | undefined): string {
  if (typeof key === 'number') return inKerasOrder(shapes?.keys() ?? [])[key] ?? `vars/${key}`;
  // Keras 3 calls the kernel of a depthwise convolution `kernel`.
  if (key === 'kernel' && shapes?.has('depthwise_kernel') && !shapes.has('kernel')) {
    return 'depthwise_kernel';
  }
  return key;
}
