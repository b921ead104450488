import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Add, Elu, LeakyRelu, Prelu, Relu, Relu6, Sigmoid } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { callKernel } from '../call-kernel.js';
import type { Activation, Fusion } from './epilogue.js';

const KERNELS: Record<Exclude<Activation, 'linear'>, string> = {
  relu: Relu,
  relu6: Relu6,
  elu: Elu,
  sigmoid: Sigmoid,
  leakyrelu: LeakyRelu,
  prelu: Prelu,
};

/**
 * Adds the bias and applies the activation by kernels of their own, for what
 * an epilogue does not cover: integers, broadcasts along other axes. Takes over `product`.
 */
export function fuseAfterwards(
  backend: AeWasmBackend,
  product: TensorInfo,
  fusion: Fusion,
): TensorInfo {
  const { bias, activation = 'linear', preluActivationWeights, leakyreluAlpha } = fusion;
  let result = product;
  const replaceBy = (next: TensorInfo) => {
    backend.disposeData(result.dataId);
    result = next;
  };
  if (bias) replaceBy(callKernel(backend, Add, { a: result, b: bias }));
  if (activation === 'linear') return result;
  if (activation === 'prelu') {
    replaceBy(callKernel(backend, Prelu, { x: result, alpha: preluActivationWeights! }));
  } else {
    const attrs = activation === 'leakyrelu' ? { alpha: leakyreluAlpha ?? 0.2 } : {};
    replaceBy(callKernel(backend, KERNELS[activation], { x: result }, attrs));
  }
  return result;
}
