import type { StateDict, TensorValue } from '@ae/module';
import { partName } from './keras-parts.js';
import { type Rename, Renamer } from './rename.js';
import { type HasNamedVariables, joinPath, layersOf, splitPath } from './target.js';

/** Options of {@link fromTensorFlow}. */
export interface FromTensorFlowOptions {
  /** The checkpoint's names -> yours; `{ model: '' }` for `tf.train.Checkpoint(model=model)`. */
  rename?: Rename;
}

const ATTRIBUTE = '/.ATTRIBUTES/VARIABLE_VALUE';

/** What belongs to the training that a checkpoint was part of. */
const IGNORED = /\/\.OPTIMIZER_SLOT\/|^(save_counter|optimizer)(\/|$)/;

/**
 * The weights of a TensorFlow 2 checkpoint, or of variables by their names, that
 * were exported to safetensors, by the paths of `model`:
 *
 * ```ts
 * model.loadStateDict(fromTensorFlow(toStateDict(readSafetensors(bytes)), model, { rename: { model: '' } }));
 * ```
 *
 * Names may be a checkpoint's (`enc1/kernel/.ATTRIBUTES/VARIABLE_VALUE`) or a
 * variable's (`enc1/kernel:0`). What is below `optimizer`, slots and the save counter are passed over.
 *
 * @param model built: called once, so that its variables exist
 * @throws Error when `model` has no variables, or an entry of `rename` applies to nothing
 */
export function fromTensorFlow(
  state: ReadonlyMap<string, TensorValue>,
  model: HasNamedVariables,
  options: FromTensorFlowOptions = {},
): StateDict {
  const layers = layersOf(model);
  const renamer = new Renamer(options.rename);
  const found: StateDict = new Map();
  for (const [key, value] of state) {
    if (IGNORED.test(key)) continue;
    const path = renamer.apply(key.replace(ATTRIBUTE, '').replace(/:\d+$/, ''));
    const [owner, name] = splitPath(path);
    const layer = layers.has(owner) ? owner : withoutParts(owner);
    found.set(joinPath(layer, nameOf(name, layers.get(layer))), value);
  }
  renamer.assertAllUsed();
  return found;
}

/** `gru/cell` -> `gru`. */
function withoutParts(owner: string): string {
  return owner.split('/').map(partName).filter(Boolean).join('/');
}

/** Keras 3 keeps a kernel as `_kernel`, and calls that of a depthwise convolution so too. */
function nameOf(name: string, names: ReadonlyMap<string, unknown> | undefined): string {
  if (names === undefined || names.has(name)) return name;
  const bare = name.replace(/^_/, '');
  if (names.has(bare)) return bare;
  return bare === 'kernel' && names.has('depthwise_kernel') ? 'depthwise_kernel' : name;
}
