import { unzipSync, type Zippable, zipSync } from 'fflate';
import { Dataset, type File, Group } from 'h5wasm';
import { partName } from './keras-parts.js';
import { joinPath, splitPath } from './target.js';

/** One array in a file that Keras wrote. */
export interface KerasWeight {
  /** Where it is in the HDF5 file: `layers/conv2d/vars/0`. */
  readonly dataset: string;
  /** The path of its layer, without Keras's own additions: `conv2d`. */
  readonly layer: string;
  /** Its name in older files, its position in the layer in Keras 3's. */
  readonly key: string | number;
}

const WEIGHTS = 'model.weights.h5';

/** A `.keras` file is a ZIP archive; the weights are an HDF5 file in it. */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

/** The HDF5 file of what Keras saved, whether that is one or an archive of it. */
export function hdf5Of(bytes: Uint8Array): Uint8Array {
  if (!isArchive(bytes)) return bytes;
  const weights = unzipSync(bytes, { filter: ({ name }) => name === WEIGHTS })[WEIGHTS];
  if (weights !== undefined) return weights;
  throw new Error(`This archive is no .keras file: there is no ${WEIGHTS} in it.`);
}

/** The same archive with other weights; stored uncompressed, as Keras does. */
export function withWeights(archive: Uint8Array, weights: Uint8Array): Uint8Array {
  const entries: Zippable = { ...unzipSync(archive), [WEIGHTS]: weights };
  // A fixed date, so that the same weights give the same bytes.
  return zipSync(entries, { level: 0, mtime: new Date(1980, 0, 1) });
}

/** Every weight of every layer, without optimizer slots and random generators. */
export function listWeights(file: File): KerasWeight[] {
  const weights: KerasWeight[] = [];
  const modern = file.keys().includes('vars') || file.keys().includes('layers');
  for (const path of file.paths()) {
    const dataset = path.replace(/^\//, '');
    if (!(file.get(dataset) instanceof Dataset)) continue;
    const weight = modern ? keras3Weight(file, dataset) : keras2Weight(dataset);
    if (weight !== undefined) weights.push(weight);
  }
  return weights;
}

/** `layers/conv2d/vars/0`, or `enc1/vars/0` for an attribute of a model class. */
function keras3Weight(file: File, dataset: string): KerasWeight | undefined {
  const [variables, position] = splitPath(dataset);
  const [owner, vars] = splitPath(variables);
  if (vars !== 'vars' || /^optimizer(\/|$)|(^|\/)seed_generator$/.test(owner)) return undefined;
  return { dataset, layer: layerPath(file, owner), key: Number(position) };
}

/** `layers/encoder/layers/dense_1` -> `encoder/dense_1`, or the names that the layers were given. */
function layerPath(file: File, owner: string): string {
  let path = '';
  let group = '';
  let inList = false;
  for (const segment of owner.split('/')) {
    group = joinPath(group, segment);
    if (segment === 'layers' && !inList) {
      inList = true;
      continue;
    }
    const name = inList ? givenName(file, group, segment) : partName(segment);
    if (name !== '') path = joinPath(path, name);
    inList = false;
  }
  return path;
}

/** The name that a layer of a list was given, or its group's, where Keras made one up. */
function givenName(file: File, group: string, segment: string): string {
  const variables = file.get(`${group}/vars`);
  const name = variables instanceof Group ? variables.attrs.name?.value : undefined;
  if (typeof name !== 'string') return segment;
  // Keras numbers made-up names per process (`dense_7`) and groups per model (`dense_1`).
  const kind = segment.replace(/_\d+$/, '');
  const isMadeUp = name.replace(/_\d+$/, '') === kind;
  return isMadeUp ? segment : name;
}

/** `model_weights/conv2d/conv2d/kernel:0`: the layer of the model, then the weight's own name. */
function keras2Weight(dataset: string): KerasWeight | undefined {
  const path = dataset.replace(/^model_weights\//, '');
  if (path.startsWith('optimizer_weights/')) return undefined;
  const [group = '', ...segments] = path.split('/');
  const key = segments.pop()?.replace(/:\d+$/, '') ?? group;
  // The name repeats the layer's own, in Keras 3 after the model's.
  const parts = segments
    .slice(segments.indexOf(group) + 1)
    .filter((segment) => !/_cell(_\d+)?$/.test(segment))
    .map((segment) => /^(forward|backward)_/.exec(segment)?.[1] ?? segment);
  return { dataset, layer: [group, ...parts].join('/'), key };
}
