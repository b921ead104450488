import type { StateDict, TensorValue } from '@ae/module';
import { reshape } from './permute.js';
import { depthwiseFromPyTorch, type FlattenedShape, kernelFromPyTorch } from './pytorch-layouts.js';
import { recurrentFromPyTorch } from './pytorch-recurrent.js';
import { type Rename, Renamer } from './rename.js';
import {
  type HasNamedVariables,
  joinPath,
  type LayerShapes,
  layersOf,
  splitPath,
} from './target.js';

/** Options of {@link fromPyTorch} and {@link toPyTorch}. */
export interface PyTorchOptions {
  /** PyTorch's names -> yours, with slashes: `{ 'encoder/0': 'enc1' }`. */
  rename?: Rename;
  /**
   * Dense layers behind a flattened image, by their path here, with the image's shape
   * `[height, width, channels]`: PyTorch flattens channels first.
   */
  flattened?: Readonly<Record<string, FlattenedShape>>;
}

const RECURRENT = /^(weight|bias)_(ih|hh)_l0(_reverse)?$/;

/**
 * The weights of a PyTorch state dict by the paths of `model`, in its layouts:
 *
 * ```ts
 * model.loadStateDict(fromPyTorch(toStateDict(readSafetensors(bytes)), model));
 * ```
 *
 * `num_batches_tracked` is passed over. What has no place in `model` keeps its
 * name, so that `loadStateDict` reports it.
 *
 * @param state `enc1.weight` -> values, as `safetensors.torch.save_file` saves them
 * @param model built: called once, so that its variables exist
 * @throws Error when `model` has no variables, when an entry of `rename` applies to
 *   nothing, or for a GRU that PyTorch's has no counterpart in
 */
export function fromPyTorch(
  state: ReadonlyMap<string, TensorValue>,
  model: HasNamedVariables,
  options: PyTorchOptions = {},
): StateDict {
  const layers = layersOf(model);
  const renamer = new Renamer(options.rename);
  const found: StateDict = new Map();
  const recurrent = new Map<string, Map<string, TensorValue>>();
  for (const [key, value] of state) {
    const path = renamer.apply(key.replaceAll('.', '/'));
    const [layer, name] = splitPath(path);
    if (name === 'num_batches_tracked') continue;
    if (RECURRENT.test(name)) {
      recurrent.set(layer, (recurrent.get(layer) ?? new Map()).set(name, value));
      continue;
    }
    const shapes = layers.get(layer) ?? new Map<string, readonly number[]>();
    const [yours, moved] = convert(name, value, shapes, options.flattened?.[layer]);
    found.set(joinPath(layer, yours), moved);
  }
  for (const [layer, values] of recurrent) convertRecurrent(layer, values, layers, found);
  renamer.assertAllUsed();
  return found;
}

const NAMES: Readonly<Record<string, string>> = {
  running_mean: 'moving_mean',
  running_var: 'moving_variance',
};

function convert(
  name: string,
  value: TensorValue,
  shapes: LayerShapes,
  flattened: FlattenedShape | undefined,
): [name: string, value: TensorValue] {
  if (name === 'bias') return [shapes.has('beta') ? 'beta' : 'bias', value];
  if (name !== 'weight') return [NAMES[name] ?? name, value];
  for (const unchanged of ['gamma', 'embeddings']) {
    if (shapes.has(unchanged)) return [unchanged, value];
  }
  const slope = shapes.get('alpha');
  // PyTorch's PReLU has one slope, or one for each channel; here it has axes for the others.
  if (slope !== undefined)
    return ['alpha', isSameSize(value, slope) ? reshape(value, slope) : value];
  const depthwise = shapes.get('depthwise_kernel');
  if (depthwise !== undefined) return ['depthwise_kernel', depthwiseFromPyTorch(value, depthwise)];
  if (!shapes.has('kernel')) return [name, value];
  return ['kernel', kernelFromPyTorch(value, flattened)];
}

function isSameSize(value: TensorValue, shape: readonly number[]): boolean {
  return value.data.length === shape.reduce((product, length) => product * length, 1);
}

function convertRecurrent(
  layer: string,
  values: ReadonlyMap<string, TensorValue>,
  layers: ReadonlyMap<string, LayerShapes>,
  found: StateDict,
): void {
  const isBidirectional = values.has('weight_ih_l0_reverse');
  for (const suffix of isBidirectional ? ['', '_reverse'] : ['']) {
    const direction = suffix === '' ? 'forward' : 'backward';
    const path = isBidirectional ? joinPath(layer, direction) : layer;
    const weight_ih = values.get(`weight_ih_l0${suffix}`);
    const weight_hh = values.get(`weight_hh_l0${suffix}`);
    if (weight_ih === undefined || weight_hh === undefined) {
      throw new Error(`'${layer}' lacks weight_ih_l0${suffix} or weight_hh_l0${suffix}.`);
    }
    const bias_ih = values.get(`bias_ih_l0${suffix}`);
    const bias_hh = values.get(`bias_hh_l0${suffix}`);
    const converted = recurrentFromPyTorch(
      { weight_ih, weight_hh, bias_ih, bias_hh },
      layers.get(path)?.get('bias'),
    );
    for (const [name, value] of Object.entries(converted)) found.set(joinPath(path, name), value);
  }
}
