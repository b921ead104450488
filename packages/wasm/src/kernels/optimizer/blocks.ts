import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';

/**
 * Throws unless each list has one float32 tensor for each value, of the same shape: the kernels
 * would read and write beyond a smaller one.
 */
export function checkAlike(
  kernelName: string,
  values: readonly TensorInfo[],
  lists: Record<string, readonly TensorInfo[]>,
): void {
  for (const [name, tensors] of Object.entries({ values, ...lists })) {
    util.assert(
      tensors.length === values.length,
      () => `${kernelName}: ${tensors.length} ${name} for ${values.length} values`,
    );
    for (const [i, { shape, dtype }] of tensors.entries()) {
      util.assert(
        dtype === 'float32' && util.arraysEqual(shape, values[i]!.shape),
        () =>
          `${kernelName}: ${name}[${i}] is ${dtype} of shape [${shape}], ` +
          `but must be float32 of shape [${values[i]!.shape}]`,
      );
    }
  }
}

/** Runs `kernel` once for each block, of which `words` has `stride` words, behind the constants. */
export function runBlocks(
  backend: AeWasmBackend,
  kernel: 'adamTask' | 'sgdTask',
  constants: readonly number[],
  words: readonly number[],
  stride: number,
): void {
  const list = backend.scratch(4 * words.length);
  new Int32Array(backend.wasm.HEAPU8.buffer, list, words.length).set(words);
  backend.run(kernel, [...constants, list], words.length / stride);
}
