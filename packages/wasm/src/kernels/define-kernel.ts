import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';

/** What a kernel of this package is called with. */
export interface KernelArguments<Inputs, Attributes> {
  inputs: Inputs;
  attrs: Attributes;
  backend: AeWasmBackend;
}

/**
 * Describes a kernel to tfjs, whose registry has no types for inputs and attributes. A kernel that
 * throws, for want of memory say, leaves no tensors of its own behind.
 *
 *   export const fill: KernelConfig = defineKernel<FillInputs, FillAttrs>(Fill, ({ attrs, backend }) => ...);
 */
export function defineKernel<Inputs, Attributes>(
  kernelName: string,
  compute: (args: KernelArguments<Inputs, Attributes>) => TensorInfo | TensorInfo[],
): KernelConfig {
  const kernelFunc = (args: KernelArguments<Inputs, Attributes>) =>
    args.backend.undoing(() => compute(args));
  return { kernelName, backendName: 'ae-wasm', kernelFunc: kernelFunc as unknown as KernelFunc };
}
