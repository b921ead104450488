import type { TensorValue } from '@ae/module';
import { Dataset, type File } from 'h5wasm';
import { makeGroup, withHdf5, writeDataset } from './hdf5.js';
import { hdf5Of, isArchive, listWeights, withWeights } from './keras-file.js';
import { inKerasOrder, matchWeights } from './keras-match.js';
import { type Rename, Renamer } from './rename.js';
import { type HasNamedVariables, joinPath, splitPath } from './target.js';

/** What has values by path: a `Module` of `@ae/module`. */
export interface HasState extends HasNamedVariables {
  stateDict(): ReadonlyMap<string, TensorValue>;
}

/** Options of {@link toKeras}. */
export interface ToKerasOptions {
  /**
   * A file that the Keras model itself saved, `.weights.h5` or `.keras`: its weights
   * are replaced, all else stays. Without it a `.weights.h5` is made for a model
   * class whose attributes have the names of your layers.
   */
  like?: Uint8Array;
  /** The file's names of layers -> yours. */
  rename?: Rename;
}

/**
 * The bytes of a file that Keras 3 loads: `keras_model.load_weights('ours.weights.h5')`,
 * or `keras.saving.load_model('ours.keras')` when `like` is a `.keras` file.
 *
 * @throws Error when `like` has a weight that `model` lacks, or of another shape,
 *   or lacks one that `model` has
 */
export async function toKeras(model: HasState, options: ToKerasOptions = {}): Promise<Uint8Array> {
  const state = model.stateDict();
  const { like, rename } = options;
  if (like === undefined) {
    return (await withHdf5(undefined, (file) => writeAttributes(file, state))).bytes;
  }
  const { bytes } = await withHdf5(hdf5Of(like), (file) => {
    replaceWeights(file, model, state, new Renamer(rename));
  });
  return isArchive(like) ? withWeights(like, bytes) : bytes;
}

function writeAttributes(file: File, state: ReadonlyMap<string, TensorValue>): void {
  const layers = new Map<string, string[]>();
  for (const path of state.keys()) {
    const [layer, name] = splitPath(path);
    layers.set(layer, [...(layers.get(layer) ?? []), name]);
  }
  makeGroup(file, 'vars');
  for (const [layer, names] of layers) {
    for (const [position, name] of inKerasOrder(names).entries()) {
      const value = state.get(joinPath(layer, name))!;
      writeDataset(file, joinPath(layer, `vars/${position}`), value);
    }
  }
}

function replaceWeights(
  file: File,
  model: HasNamedVariables,
  state: ReadonlyMap<string, TensorValue>,
  renamer: Renamer,
): void {
  const left = new Set(state.keys());
  for (const [weight, path] of matchWeights(listWeights(file), model, renamer)) {
    const dataset = file.get(weight.dataset);
    const value = state.get(path);
    const expected = dataset instanceof Dataset ? (dataset.shape ?? []) : [];
    if (value === undefined) throw new Error(missing(weight.dataset, path, state));
    if (`${value.shape}` !== `${expected}`) {
      throw new Error(
        `'${path}' has shape [${value.shape}], but '${weight.dataset}' of the Keras file has [${expected}].`,
      );
    }
    left.delete(path);
    writeDataset(file, weight.dataset, value);
  }
  if (left.size === 0) return;
  throw new Error(
    `The Keras file has no place for ${[...left].map((path) => `'${path}'`).join(', ')}.`,
  );
}

function missing(dataset: string, path: string, state: ReadonlyMap<string, TensorValue>): string {
  return (
    `'${dataset}' of the Keras file would be '${path}', which the module lacks. ` +
    `It has ${[...state.keys()].join(', ')}. Say with \`rename\` which is meant.`
  );
}
