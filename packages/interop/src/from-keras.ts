import type { StateDict, TensorValue } from '@ae/module';
import { Dataset, type File } from 'h5wasm';
import { withHdf5 } from './hdf5.js';
import { hdf5Of, listWeights } from './keras-file.js';
import { matchWeights } from './keras-match.js';
import { type Rename, Renamer } from './rename.js';
import type { HasNamedVariables } from './target.js';

/** Options of {@link fromKeras}. */
export interface FromKerasOptions {
  /** The file's names of layers -> yours. */
  rename?: Rename;
}

/**
 * The weights of a file that Keras saved, by the paths of `model`:
 *
 * ```ts
 * model.loadStateDict(await fromKeras(bytes, model));
 * ```
 *
 * Reads `.weights.h5` and `.keras` of Keras 3 and `.h5` of Keras 2. Optimizer
 * slots are passed over. What has no place in `model` keeps the file's names,
 * so that `loadStateDict` reports it.
 *
 * @param bytes the whole file
 * @param model built: called once, so that its variables exist
 * @throws Error when the bytes are no such file, when `model` has no variables,
 *   or when an entry of `rename` applies to nothing
 */
export async function fromKeras(
  bytes: Uint8Array,
  model: HasNamedVariables,
  options: FromKerasOptions = {},
): Promise<StateDict> {
  const { result } = await withHdf5(hdf5Of(bytes), (file) => {
    const state: StateDict = new Map();
    for (const [weight, path] of matchWeights(
      listWeights(file),
      model,
      new Renamer(options.rename),
    )) {
      if (state.has(path)) throw new Error(`Two weights of the file would become '${path}'.`);
      state.set(path, readDataset(file, weight.dataset));
    }
    return state;
  });
  return result;
}

function readDataset(file: File, name: string): TensorValue {
  const dataset = file.get(name);
  const shape = dataset instanceof Dataset ? (dataset.shape ?? []) : [];
  const value = dataset instanceof Dataset ? dataset.value : null;
  // A scalar comes as a number.
  if (typeof value === 'number') return { dtype: 'float32', shape, data: Float32Array.of(value) };
  if (value instanceof Float32Array) return { dtype: 'float32', shape, data: value.slice() };
  if (value instanceof Float64Array)
    return { dtype: 'float32', shape, data: Float32Array.from(value) };
  if (value instanceof Int32Array) return { dtype: 'int32', shape, data: value.slice() };
  const dtype = dataset instanceof Dataset ? JSON.stringify(dataset.dtype) : 'none';
  throw new Error(
    `'${name}' of the file has dtype ${dtype}; only float32, float64 and int32 can be read.`,
  );
}
