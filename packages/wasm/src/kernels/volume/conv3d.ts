import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import {
  backend_util,
  Conv3D,
  Conv3DBackpropFilterV2,
  Conv3DBackpropInputV2,
} from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { defineKernel } from '../define-kernel.js';
import { windowWords } from './window.js';

type Shape = [number, number, number, number, number];

interface ConvAttributes {
  strides: [number, number, number] | number;
  pad: 'valid' | 'same';
  dilations?: [number, number, number] | number;
}

function geometry(
  inputShape: number[],
  filterShape: number[],
  { strides, pad, dilations }: ConvAttributes,
): backend_util.Conv3DInfo {
  return backend_util.computeConv3DInfo(
    inputShape as Shape,
    filterShape as Shape,
    strides,
    dilations ?? 1,
    pad,
  );
}

type Task = 'conv3DTask' | 'conv3DBackpropInputTask' | 'conv3DBackpropFilterTask';

function run(
  backend: AeWasmBackend,
  task: Task,
  tensors: TensorInfo[],
  info: backend_util.Conv3DInfo,
  tasks: number,
): void {
  for (const { dtype } of tensors) {
    if (dtype !== 'float32') {
      throw new Error(`Convolutions of volumes on ae-wasm take float32 tensors, not ${dtype}`);
    }
  }
  const pointers = tensors.map((tensor) => backend.pointer(tensor));
  backend.run(task, [...pointers, ...windowWords(info)], tasks);
}

const conv3D = defineKernel<{ x: TensorInfo; filter: TensorInfo }, ConvAttributes>(
  Conv3D,
  ({ inputs: { x, filter }, attrs, backend }) => {
    const info = geometry(x.shape, filter.shape, attrs);
    const y = backend.output(info.outShape, 'float32');
    const rows = info.batchSize * info.outDepth * info.outHeight;
    run(backend, 'conv3DTask', [x, filter, y], info, rows);
    return y;
  },
);

const conv3DBackpropInput = defineKernel<
  { dy: TensorInfo; filter: TensorInfo },
  ConvAttributes & { inputShape: number[] }
>(Conv3DBackpropInputV2, ({ inputs: { dy, filter }, attrs, backend }) => {
  const info = geometry(attrs.inputShape, filter.shape, attrs);
  const dx = backend.output(attrs.inputShape, 'float32');
  const rows = info.batchSize * info.inDepth * info.inHeight;
  run(backend, 'conv3DBackpropInputTask', [dx, filter, dy], info, rows);
  return dx;
});

const conv3DBackpropFilter = defineKernel<
  { x: TensorInfo; dy: TensorInfo },
  ConvAttributes & { filterShape: number[] }
>(Conv3DBackpropFilterV2, ({ inputs: { x, dy }, attrs, backend }) => {
  const info = geometry(x.shape, attrs.filterShape, attrs);
  const gradient = backend.output(attrs.filterShape, 'float32');
  const taps = info.filterDepth * info.filterHeight * info.filterWidth;
  run(backend, 'conv3DBackpropFilterTask', [x, gradient, dy], info, taps);
  return gradient;
});

export const conv3DKernels: readonly KernelConfig[] = [
  conv3D,
  conv3DBackpropInput,
  conv3DBackpropFilter,
];
