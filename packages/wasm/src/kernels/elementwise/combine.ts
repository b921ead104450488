import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { AddN, OneHot, OnesLike, util, ZerosLike } from '@tensorflow/tfjs-core';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { filledWith } from '../fill.js';
import { shareData } from '../memory/share-data.js';
import { computeBinary } from './binary.js';

export const addN: KernelConfig = defineKernel<TensorInfo[], undefined>(AddN, (args) => {
  const { inputs, backend } = args;
  const [first, ...others] = inputs as [TensorInfo, ...TensorInfo[]];
  const { dtype } = first;
  if (dtype !== 'float32' && dtype !== 'int32') return computeOnCpu(AddN, args);
  let total = shareData(backend, first, first.shape);
  for (const other of others) {
    const sum = computeBinary(backend, dtype === 'int32' ? 'addInt' : 'add', total, other, dtype);
    backend.disposeData(total.dataId);
    total = sum;
  }
  return total;
});

function filledLike(kernelName: string, value: number): KernelConfig {
  return defineKernel<{ x: TensorInfo }, undefined>(kernelName, (args) => {
    const { inputs, backend } = args;
    const { x } = inputs;
    if (x.dtype === 'string' || (x.dtype === 'complex64' && value !== 0)) {
      return computeOnCpu(kernelName, args);
    }
    return filledWith(backend, x.shape, x.dtype, value);
  });
}

export const onesLike: KernelConfig = filledLike(OnesLike, 1);
export const zerosLike: KernelConfig = filledLike(ZerosLike, 0);

interface OneHotAttributes {
  depth: number;
  onValue: number;
  offValue: number;
  dtype?: 'float32' | 'int32' | 'bool';
}

/** Indices outside of the depth give a row of `offValue`. */
export const oneHot: KernelConfig = defineKernel<{ indices: TensorInfo }, OneHotAttributes>(
  OneHot,
  ({ inputs: { indices }, attrs, backend }) => {
    const { depth, onValue, offValue, dtype = 'int32' } = attrs;
    const output = filledWith(backend, [...indices.shape, depth], dtype, offValue);
    const positions = backend.typedArrayFromHeap(indices);
    const values = backend.typedArrayFromHeap(output);
    for (let i = 0; i < util.sizeFromShape(indices.shape); i++) {
      const position = positions[i]!;
      if (position >= 0 && position < depth) values[i * depth + position] = onValue;
    }
    return output;
  },
);
