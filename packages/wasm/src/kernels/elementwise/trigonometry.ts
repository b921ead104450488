import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { Cos, Sin, util } from '@tensorflow/tfjs-core';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';

function trigonometric(kernelName: string, op: 'sin' | 'cos'): KernelConfig {
  return defineKernel<{ x: TensorInfo }, undefined>(kernelName, (args) => {
    const { inputs, backend } = args;
    const { x } = inputs;
    if (x.dtype !== 'float32') return computeOnCpu(kernelName, args);
    const output = backend.output(x.shape, 'float32');
    const size = util.sizeFromShape(x.shape);
    const tooLarge = backend.kernels[op](backend.pointer(x), backend.pointer(output), size);
    if (!tooLarge) return output;
    backend.disposeData(output.dataId);
    return computeOnCpu(kernelName, args);
  });
}

export const sin: KernelConfig = trigonometric(Sin, 'sin');
export const cos: KernelConfig = trigonometric(Cos, 'cos');
