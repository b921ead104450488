import type { DataType, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { Cast, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { shareData } from '../memory/share-data.js';

const CONVERSIONS = {
  'float32 int32': 'castFloatToInt',
  'float32 bool': 'castFloatToBool',
  'int32 float32': 'castIntToFloat',
  'int32 bool': 'castIntToBool',
  'bool float32': 'castBoolToFloat',
  'bool int32': 'castBoolToInt',
} as const;

/** `x` as `dtype`: the same data when it has that type already. */
export function castTo(backend: AeWasmBackend, x: TensorInfo, dtype: DataType): TensorInfo {
  if (x.dtype === dtype) return shareData(backend, x, x.shape);
  const conversion = CONVERSIONS[`${x.dtype} ${dtype}` as keyof typeof CONVERSIONS];
  if (conversion === undefined) {
    const args = { inputs: { x }, attrs: { dtype }, backend };
    return computeOnCpu(Cast, args) as TensorInfo;
  }
  const output = backend.output(x.shape, dtype as 'float32' | 'int32' | 'bool');
  const size = util.sizeFromShape(x.shape);
  backend.kernels[conversion](backend.pointer(x), backend.pointer(output), size);
  return output;
}

export const cast: KernelConfig = defineKernel<{ x: TensorInfo }, { dtype: DataType }>(
  Cast,
  ({ inputs, attrs, backend }) => castTo(backend, inputs.x, attrs.dtype),
);
