import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { asVolume, windowWords } from './window.js';

type Info = tf.backend_util.Conv3DInfo;

interface PoolAttributes {
  filterSize: number | number[];
  strides: number | number[];
  pad: 'valid' | 'same' | number | number[][];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  dataFormat?: 'NDHWC' | 'NCDHW';
}

type Geometry = (shape: number[], attrs: PoolAttributes) => { info: Info; outShape: number[] };

const images: Geometry = (shape, { filterSize, strides, pad, dimRoundingMode }) => {
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize as number,
    strides as number,
    1,
    pad as number,
    dimRoundingMode,
  );
  return { info: asVolume(info), outShape: info.outShape };
};

const volumes: Geometry = (shape, { filterSize, strides, pad, dimRoundingMode, dataFormat }) => {
  const info = tf.backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize as number,
    strides as number,
    1,
    pad as number,
    dimRoundingMode,
    dataFormat,
  );
  if (info.dataFormat !== 'channelsLast') {
    throw new Error('Pooling of volumes on ae-wasm needs the channels last (NDHWC), not NCDHW');
  }
  return { info, outShape: info.outShape };
};

function poolKernel(
  kernelName: string,
  task: 'maxPoolTask' | 'averagePoolTask',
  geometry: Geometry,
): KernelConfig {
  return defineKernel<{ x: TensorInfo }, PoolAttributes>(kernelName, (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    if (x.dtype !== 'float32') return computeOnCpu(kernelName, args);
    const { info, outShape } = geometry(x.shape, attrs);
    const y = backend.output(outShape, 'float32');
    run(backend, task, [x, y], info, info.batchSize * info.outDepth * info.outHeight);
    return y;
  });
}

interface GradInputs {
  dy: TensorInfo;
  input: TensorInfo;
}

function poolGradKernel(
  kernelName: string,
  task: 'maxPoolGradTask' | 'averagePoolGradTask',
  geometry: Geometry,
): KernelConfig {
  return defineKernel<GradInputs, PoolAttributes>(kernelName, (args) => {
    const { inputs, attrs, backend } = args;
    const { dy, input } = inputs;
    if (input.dtype !== 'float32' || dy.dtype !== 'float32') return computeOnCpu(kernelName, args);
    const { info } = geometry(input.shape, attrs);
    const dx = backend.output(input.shape, 'float32');
    const rows = info.batchSize * info.inDepth * info.inHeight;
    run(backend, task, [dx, dy, input], info, task === 'maxPoolGradTask' ? info.batchSize : rows);
    return dx;
  });
}

function run(
  backend: AeWasmBackend,
  task: 'maxPoolTask' | 'averagePoolTask' | 'maxPoolGradTask' | 'averagePoolGradTask',
  tensors: TensorInfo[],
  info: Info,
  tasks: number,
): void {
  const pointers = [0, 1, 2].map((i) => (tensors[i] ? backend.pointer(tensors[i]) : 0));
  backend.run(task, [...pointers, ...windowWords(info)], tasks);
}

export const poolKernels: readonly KernelConfig[] = [
  poolKernel(tf.MaxPool, 'maxPoolTask', images),
  poolKernel(tf.AvgPool, 'averagePoolTask', images),
  poolKernel(tf.MaxPool3D, 'maxPoolTask', volumes),
  poolKernel(tf.AvgPool3D, 'averagePoolTask', volumes),
  poolGradKernel(tf.MaxPoolGrad, 'maxPoolGradTask', images),
  poolGradKernel(tf.AvgPoolGrad, 'averagePoolGradTask', images),
  poolGradKernel(tf.MaxPool3DGrad, 'maxPoolGradTask', volumes),
  poolGradKernel(tf.AvgPool3DGrad, 'averagePoolGradTask', volumes),
];
