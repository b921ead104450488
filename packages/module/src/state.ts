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

/**
 * Checks that a value can be assigned to a variable.
 *
 * @throws Error naming the path and both shapes and dtypes
 */
export function assertFits(path: string, value: TensorValue, variable: Variable): void {
  if (fits(value, variable)) return;
  throw new Error(
    `The loaded value of '${path}' is ${value.dtype} [${value.shape}], ` +
      `but the variable made now is ${variable.dtype} [${variable.shape}].`,
  );
}

/** Whether shape and dtype are the same. */
export function fits(value: TensorValue, variable: Variable): boolean {
  return (
    value.dtype === variable.dtype &&
    value.shape.length === variable.shape.length &&
    value.shape.every((size, axis) => size === variable.shape[axis])
  );
}
