import type { TensorValue } from '@ae/module';
import { permute, reshape } from './permute.js';

/** The four arrays of one direction of an `nn.LSTM`, `nn.GRU` or `nn.RNN`. */
export interface PyTorchRecurrent {
  readonly weight_ih: TensorValue;
  readonly weight_hh: TensorValue;
  readonly bias_ih?: TensorValue | undefined;
  readonly bias_hh?: TensorValue | undefined;
}

/** The arrays of a recurrent layer here, by name. */
export type KerasRecurrent = Record<string, TensorValue>;

/**
 * `kernel`, `recurrent_kernel` and `bias` of what PyTorch has. The order of the
 * gates is the same for LSTM; of GRU's, PyTorch has reset first, Keras update.
 *
 * @param biasShape of the layer here: `[2, 3 * units]` for a GRU with `reset_after`
 * @throws Error for a GRU here without `reset_after`, which is another function
 */
export function recurrentFromPyTorch(
  from: PyTorchRecurrent,
  biasShape: readonly number[] | undefined,
): KerasRecurrent {
  const isGru = gates(from.weight_hh) === 3;
  const order = (value: TensorValue): TensorValue => (isGru ? swapGates(value) : value);
  const result: KerasRecurrent = {
    kernel: permute(order(from.weight_ih), [1, 0]),
    recurrent_kernel: permute(order(from.weight_hh), [1, 0]),
  };
  const { bias_ih, bias_hh } = from;
  if (bias_ih === undefined || bias_hh === undefined) return result;
  if (isGru && biasShape?.length !== 2) {
    throw new Error(
      "PyTorch's GRU applies its reset gate after the matrix product, as Keras does with " +
        'reset_after: true; the layer here does not, so the same weights would give other outputs.',
    );
  }
  result.bias = isGru ? stack(order(bias_ih), order(bias_hh)) : add(bias_ih, bias_hh);
  return result;
}

/** The inverse of {@link recurrentFromPyTorch}; a single bias becomes `bias_ih`. */
export function recurrentToPyTorch(from: KerasRecurrent): PyTorchRecurrent {
  const { kernel, recurrent_kernel: recurrent, bias } = from;
  if (kernel === undefined || recurrent === undefined) throw new Error('A kernel is missing.');
  const isGru = recurrent.shape[1] === 3 * recurrent.shape[0]!;
  const order = (value: TensorValue): TensorValue => (isGru ? swapGates(value) : value);
  const weights = {
    weight_ih: order(permute(kernel, [1, 0])),
    weight_hh: order(permute(recurrent, [1, 0])),
  };
  if (bias === undefined) return weights;
  if (bias.shape.length === 1) {
    if (isGru) throw new Error('Only a GRU with reset_after: true has a counterpart in PyTorch.');
    return {
      ...weights,
      bias_ih: bias,
      bias_hh: { ...bias, data: new Float32Array(bias.data.length) },
    };
  }
  const half = bias.data.length / 2;
  const row = (start: number): TensorValue =>
    order({ dtype: bias.dtype, shape: [half], data: bias.data.slice(start, start + half) });
  return { ...weights, bias_ih: row(0), bias_hh: row(half) };
}

/** `[gates * units, units]` -> gates. */
function gates(weight: TensorValue): number {
  return weight.shape[0]! / weight.shape[1]!;
}

/** Exchanges the first two of three blocks along the first axis. */
function swapGates(value: TensorValue): TensorValue {
  const data = value.data.slice();
  const block = data.length / 3;
  data.set(value.data.subarray(block, 2 * block), 0);
  data.set(value.data.subarray(0, block), block);
  return { ...value, data };
}

function stack(a: TensorValue, b: TensorValue): TensorValue {
  const data = new Float32Array(a.data.length * 2);
  data.set(a.data, 0);
  data.set(b.data, a.data.length);
  return reshape({ dtype: 'float32', shape: [], data }, [2, a.data.length]);
}

function add(a: TensorValue, b: TensorValue): TensorValue {
  return { ...a, data: Float32Array.from(a.data, (x, i) => x + b.data[i]!) };
}
