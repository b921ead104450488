import type { DataType, KernelConfig } from '@tensorflow/tfjs-core';
import { Fill, util } from '@tensorflow/tfjs-core';
import { defineKernel } from './define-kernel.js';

interface FillAttributes {
  shape: number[];
  value: number | string;
  dtype?: DataType;
}

/** A tensor of one value (also `tf.zeros` and `tf.ones`). */
export const fill: KernelConfig = defineKernel<object, FillAttributes>(
  Fill,
  ({ attrs, backend }) => {
    const { shape, value } = attrs;
    const dtype = attrs.dtype ?? util.inferDtype(value);
    const size = util.sizeFromShape(shape);
    if (dtype === 'float32') {
      const out = backend.output(shape, dtype);
      backend.kernels.fillFloat32(backend.pointer(out), value as number, size);
      return out;
    }
    if (dtype === 'string') {
      const text = util.encodeString(String(value));
      return backend.makeOutput(shape, dtype, undefined, new Array<Uint8Array>(size).fill(text));
    }
    const out = backend.makeOutput(shape, dtype);
    backend.typedArrayFromHeap(out).fill(value as number);
    return out;
  },
);
