import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { ExpandDims, Identity, Reshape, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { defineKernel } from '../define-kernel.js';

/** Another tensor over the same elements: one more reference to them, no copy. */
export function shareData(backend: AeWasmBackend, x: TensorInfo, shape: number[]): TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape, dtype: x.dtype };
}

export const identity: KernelConfig = defineKernel<{ x: TensorInfo }, undefined>(
  Identity,
  ({ inputs, backend }) => shareData(backend, inputs.x, inputs.x.shape),
);

export const reshape: KernelConfig = defineKernel<{ x: TensorInfo }, { shape: number[] }>(
  Reshape,
  ({ inputs: { x }, attrs, backend }) => {
    const size = util.sizeFromShape(x.shape);
    const shape = util.inferFromImplicitShape(attrs.shape, size);
    util.assert(
      size === util.sizeFromShape(shape),
      () => `A tensor of shape [${x.shape}] (${size} elements) cannot have shape [${shape}]`,
    );
    return shareData(backend, x, shape);
  },
);

export const expandDims: KernelConfig = defineKernel<{ input: TensorInfo }, { dim: number }>(
  ExpandDims,
  ({ inputs: { input }, attrs: { dim }, backend }) => {
    const shape = input.shape.slice();
    util.assert(
      dim >= -(shape.length + 1) && dim <= shape.length,
      () => `Axis ${dim} must be between ${-(shape.length + 1)} and ${shape.length}`,
    );
    shape.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1);
    return shareData(backend, input, shape);
  },
);
