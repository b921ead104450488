import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { Cumprod, Cumsum, util } from '@tensorflow/tfjs-core';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';

interface ScanAttributes {
  axis: number;
  exclusive: boolean;
  reverse: boolean;
}

function scanKernel(kernelName: string, operation: 'Sum' | 'Product'): KernelConfig {
  return defineKernel<{ x: TensorInfo }, ScanAttributes>(kernelName, (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    if (x.dtype !== 'float32' && x.dtype !== 'int32') return computeOnCpu(kernelName, args);
    const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const output = backend.output(x.shape, x.dtype);
    backend.kernels[`cumulative${operation}${x.dtype === 'int32' ? 'Int' : ''}`](
      backend.pointer(x),
      backend.pointer(output),
      util.sizeFromShape(x.shape.slice(0, axis)),
      x.shape[axis]!,
      util.sizeFromShape(x.shape.slice(axis + 1)),
      Number(attrs.exclusive),
      Number(attrs.reverse),
    );
    return output;
  });
}

export const scanKernels: readonly KernelConfig[] = [
  scanKernel(Cumsum, 'Sum'),
  scanKernel(Cumprod, 'Product'),
];
