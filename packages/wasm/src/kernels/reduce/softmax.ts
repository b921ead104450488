import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { Softmax, util } from '@tensorflow/tfjs-core';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { constantsOf } from '../elementwise/constants.js';

const TASK = 16384;

export const softmax: KernelConfig = defineKernel<{ logits: TensorInfo }, { dim: number }>(
  Softmax,
  (args) => {
    const { inputs, attrs, backend } = args;
    const { logits } = inputs;
    const last = logits.shape.length - 1;
    const size = util.sizeFromShape(logits.shape);
    const isLast = attrs.dim === last || attrs.dim === -1;
    if (logits.dtype !== 'float32' || !isLast || size === 0) return computeOnCpu(Softmax, args);
    const output = backend.output(logits.shape, 'float32');
    const columns = logits.shape[last] ?? 1;
    const rows = size / columns;
    const height = Math.max(1, Math.round(TASK / columns));
    backend.run(
      'softmaxTask',
      [
        backend.pointer(logits),
        backend.pointer(output),
        rows,
        columns,
        height,
        constantsOf(backend),
      ],
      Math.ceil(rows / height),
    );
    return output;
  },
);
