import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import {
  backend_util,
  Slice,
  SplitV,
  StridedSlice,
  slice_util,
  Unpack,
  util,
} from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { copyStrided, elementShift, stridesOf } from './copy.js';
import { shareData } from './share-data.js';

/** Elements of `x` from `begin` on, `steps` apart, as a tensor of `shape` with `size` of them. */
function sliceOf(
  backend: AeWasmBackend,
  x: TensorInfo,
  begin: readonly number[],
  size: number[],
  shape: number[] = size,
  steps?: readonly number[],
): TensorInfo {
  if (util.arraysEqual(x.shape, size) && steps === undefined) return shareData(backend, x, shape);
  const shift = elementShift(x.dtype)!;
  const strides = stridesOf(x.shape);
  const first = begin.reduce((sum, index, axis) => sum + index * strides[axis]!, 0);
  const output = backend.makeOutput(shape, x.dtype);
  copyStrided(
    backend,
    shift,
    size,
    { pointer: backend.pointer(output), strides: stridesOf(size) },
    {
      pointer: backend.pointer(x) + (first << shift),
      strides: steps ? strides.map((stride, axis) => stride * steps[axis]!) : strides,
    },
  );
  return output;
}

interface SliceAttributes {
  begin: number | number[];
  size: number | number[];
}

export const slice: KernelConfig = defineKernel<{ x: TensorInfo }, SliceAttributes>(
  Slice,
  (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    if (x.dtype === 'string') return computeOnCpu(Slice, args);
    const [begin, size] = slice_util.parseSliceParams(x as never, attrs.begin, attrs.size);
    slice_util.assertParamsValid(x as never, begin!, size!);
    return sliceOf(backend, x, begin!, size!);
  },
);

interface StridedSliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

export const stridedSlice: KernelConfig = defineKernel<{ x: TensorInfo }, StridedSliceAttributes>(
  StridedSlice,
  (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    if (x.dtype === 'string') return computeOnCpu(StridedSlice, args);
    const info = slice_util.sliceInfo(
      x.shape,
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    const { finalShape, finalShapeSparse, begin, end, strides } = info;
    if (info.isIdentity) return shareData(backend, x, finalShape);
    const size = slice_util.computeOutShape(begin, end, strides);
    const shape = info.sliceDim0 || info.isSimpleSlice ? finalShape : finalShapeSparse;
    const result = sliceOf(backend, x, begin, size, shape, strides);
    return { ...result, shape: finalShape };
  },
);

export const splitV: KernelConfig = defineKernel<
  { x: TensorInfo },
  { numOrSizeSplits: number[] | number; axis: number }
>(SplitV, (args) => {
  const { inputs, attrs, backend } = args;
  const { x } = inputs;
  if (x.dtype === 'string') return computeOnCpu(SplitV, args);
  const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
  const begin = x.shape.map(() => 0);
  return backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis).map((length) => {
    const size = x.shape.slice();
    size[axis] = length;
    const part = sliceOf(backend, x, begin, size);
    begin[axis]! += length;
    return part;
  });
});

export const unpack: KernelConfig = defineKernel<{ value: TensorInfo }, { axis: number }>(
  Unpack,
  (args) => {
    const { inputs, attrs, backend } = args;
    const { value } = inputs;
    if (value.dtype === 'string') return computeOnCpu(Unpack, args);
    const axis = util.parseAxisParam(attrs.axis, value.shape)[0]!;
    const size = value.shape.slice();
    size[axis] = 1;
    const shape = value.shape.filter((_, i) => i !== axis);
    return Array.from({ length: value.shape[axis]! }, (_, i) => {
      const begin = size.map((_, other) => (other === axis ? i : 0));
      return sliceOf(backend, value, begin, size, shape);
    });
  },
);
