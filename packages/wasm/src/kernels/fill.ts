import type { DataType, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { Fill, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import { defineKernel } from './define-kernel.js';

interface FillAttributes {
  shape: number[];
  value: number | string;
  dtype?: DataType;
}

/** A tensor of one value (also `tf.zeros` and `tf.ones`). */
export const fill: KernelConfig = defineKernel<object, FillAttributes>(
  Fill,
  ({ attrs, backend }) => {
    const { shape, value } = attrs;
    const dtype = attrs.dtype ?? util.inferDtype(value);
    if (dtype === 'string') {
      const size = util.sizeFromShape(shape);
      const text = util.encodeString(String(value));
      return backend.makeOutput(shape, dtype, undefined, new Array<Uint8Array>(size).fill(text));
    }
    return filledWith(backend, shape, dtype, value as number);
  },
);

/** A new tensor of one number; for complex64 of that number as real and imaginary part. */
export function filledWith(
  backend: AeWasmBackend,
  shape: number[],
  dtype: DataType,
  value: number,
): TensorInfo {
  const { kernels } = backend;
  const out = backend.makeOutput(shape, dtype);
  const to = backend.pointer(out);
  const size = util.sizeFromShape(shape);
  if (dtype === 'bool') kernels.fillBytes(to, value, size);
  else if (dtype === 'int32') kernels.fillInt32(to, value, size);
  else kernels.fillFloat32(to, value, dtype === 'complex64' ? 2 * size : size);
  return out;
}
