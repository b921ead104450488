import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { LogicalNot, Select, util } from '@tensorflow/tfjs-core';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { BLOCK } from './block.js';

export const logicalNot: KernelConfig = defineKernel<{ x: TensorInfo }, undefined>(
  LogicalNot,
  (args) => {
    const { inputs, backend } = args;
    const { x } = inputs;
    if (x.dtype !== 'bool') return computeOnCpu(LogicalNot, args);
    const output = backend.output(x.shape, 'bool');
    const size = util.sizeFromShape(x.shape);
    backend.kernels.logicalNot(backend.pointer(x), backend.pointer(output), size);
    return output;
  },
);

interface SelectInputs {
  condition: TensorInfo;
  t: TensorInfo;
  e: TensorInfo;
}

/** `t` where the condition holds, else `e` (`tf.where`). */
export const select: KernelConfig = defineKernel<SelectInputs, undefined>(Select, (args) => {
  const { inputs, backend } = args;
  const { condition, t, e } = inputs;
  const words = t.dtype === 'float32' || t.dtype === 'int32';
  const alike = util.arraysEqual(condition.shape, t.shape) && util.arraysEqual(t.shape, e.shape);
  if (!words || t.dtype !== e.dtype || condition.dtype !== 'bool' || !alike) {
    return computeOnCpu(Select, args);
  }
  const output = backend.output(t.shape, t.dtype as 'float32' | 'int32');
  const size = util.sizeFromShape(t.shape);
  const pointers = [condition, t, e, output].map((tensor) => backend.pointer(tensor));
  backend.run('selectTask', [...pointers, size], Math.ceil(size / BLOCK));
  return output;
});
