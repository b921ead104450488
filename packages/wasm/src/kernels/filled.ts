import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';

/** Returns `output` once `fill` has written it; if that fails, for want of memory, frees it. */
export function filled(backend: AeWasmBackend, output: TensorInfo, fill: () => void): TensorInfo {
  try {
    fill();
    return output;
  } catch (error) {
    backend.disposeData(output.dataId);
    throw error;
  }
}
