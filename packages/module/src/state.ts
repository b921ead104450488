import { type Tensor, tensor, type Variable } from '@tensorflow/tfjs-core';

/** A tensor's values in ordinary memory; nothing to dispose of. */
export interface TensorValue {
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly shape: readonly number[];
  /** Row-major; its length is the product of `shape`. */
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** Values by path, as `enc1/kernel`. */
export type StateDict = Map<string, TensorValue>;

/**
 * A copy of a variable's values.
 *
 * @throws Error for a dtype that cannot be saved (`string`, `complex64`)
 */
export function readValue(variable: Variable, path: string): TensorValue {
  const { dtype, shape } = variable;
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw new Error(
      `stateDict: '${path}' has dtype ${dtype}; only float32, int32 and bool can be saved.`,
    );
  }
  return { dtype, shape: [...shape], data: variable.dataSync().slice() };
}

/** A new tensor with these values, which the caller disposes of. */
export function toTensor(value: TensorValue): Tensor {
  return tensor(value.data, [...value.shape], value.dtype);
}
