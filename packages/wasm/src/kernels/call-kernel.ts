import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';

/** Runs another kernel of this backend, without the engine; the caller disposes of the result. */
export function callKernel(
  backend: AeWasmBackend,
  name: string,
  inputs: NamedTensorInfoMap,
  attrs: NamedAttrMap = {},
): TensorInfo {
  const kernel = getKernel(name, 'ae-wasm');
  if (!kernel) throw new Error(`The backend ae-wasm has no kernel ${name}`);
  return kernel.kernelFunc({ inputs, attrs, backend }) as TensorInfo;
}
