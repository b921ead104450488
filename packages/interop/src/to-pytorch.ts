import type { StateDict, TensorValue } from '@ae/module';
import type { PyTorchOptions } from './from-pytorch.js';
import { reshape } from './permute.js';
import { depthwiseToPyTorch, kernelToPyTorch } from './pytorch-layouts.js';
import { recurrentToPyTorch } from './pytorch-recurrent.js';
import { Renamer } from './rename.js';
import { splitPath } from './target.js';

/**
 * A state dict in PyTorch's names and layouts, for `writeSafetensors`:
 * `torch_model.load_state_dict(safetensors.torch.load_file('ours.safetensors'))`.
 *
 * @param options the same as for {@link fromPyTorch} on the way here
 * @throws Error for a layer without counterpart: a separable convolution, a GRU
 *   without `reset_after`
 */
export function toPyTorch(
  model: { stateDict(): ReadonlyMap<string, TensorValue> },
  options: PyTorchOptions = {},
): StateDict {
  const layers = new Map<string, Map<string, TensorValue>>();
  for (const [path, value] of model.stateDict()) {
    const [layer, name] = splitPath(path);
    layers.set(layer, (layers.get(layer) ?? new Map<string, TensorValue>()).set(name, value));
  }
  const renamer = new Renamer(options.rename).inverse();
  const state: StateDict = new Map();
  for (const [layer, values] of layers) {
    const theirs = values.has('recurrent_kernel')
      ? recurrent(layer, values)
      : [...values].map(([name, value]) => rename(layer, name, value, values, options));
    for (const [path, value] of theirs) {
      state.set(renamer.apply(path).replaceAll('/', '.').replace(/^\./, ''), value);
    }
  }
  renamer.assertAllUsed();
  return state;
}

const NAMES: Readonly<Record<string, string>> = {
  gamma: 'weight',
  embeddings: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
};

function rename(
  layer: string,
  name: string,
  value: TensorValue,
  values: ReadonlyMap<string, TensorValue>,
  options: PyTorchOptions,
): [path: string, value: TensorValue] {
  if (values.has('pointwise_kernel')) {
    throw new Error(`'${layer}' is a separable convolution, which PyTorch has as two layers.`);
  }
  if (name === 'depthwise_kernel') return [`${layer}/weight`, depthwiseToPyTorch(value)];
  if (name === 'alpha') return [`${layer}/weight`, reshape(value, [value.data.length])];
  if (name === 'kernel') {
    return [`${layer}/weight`, kernelToPyTorch(value, options.flattened?.[layer])];
  }
  return [`${layer}/${NAMES[name] ?? name}`, value];
}

function* recurrent(
  path: string,
  values: ReadonlyMap<string, TensorValue>,
): Iterable<[path: string, value: TensorValue]> {
  const [owner, direction] = splitPath(path);
  const isPart = direction === 'forward' || direction === 'backward';
  const suffix = direction === 'backward' ? '_reverse' : '';
  for (const [name, value] of Object.entries(recurrentToPyTorch(Object.fromEntries(values)))) {
    if (value !== undefined) yield [`${isPart ? owner : path}/${name}_l0${suffix}`, value];
  }
}
