import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, Concat, Pack, PadV2, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { filledWith } from '../fill.js';
import { copyStrided, elementShift, stridesOf } from './copy.js';
import { shareData } from './share-data.js';

/** Copies tensors one behind the other along `axis` into a new one of `shape`. */
function join(
  backend: AeWasmBackend,
  tensors: readonly TensorInfo[],
  shape: number[],
  axis: number,
): TensorInfo {
  const { dtype } = tensors[0]!;
  const output = backend.makeOutput(shape, dtype);
  const shift = elementShift(dtype)!;
  const outer = util.sizeFromShape(shape.slice(0, axis));
  const stride = util.sizeFromShape(shape.slice(axis));
  let pointer = backend.pointer(output);
  for (const tensor of tensors) {
    const elements = util.sizeFromShape(tensor.shape);
    if (elements === 0) continue;
    const inner = elements / outer;
    const from = { pointer: backend.pointer(tensor), strides: [inner, 1] };
    copyStrided(backend, shift, [outer, inner], { pointer, strides: [stride, 1] }, from);
    pointer += inner << shift;
  }
  return output;
}

export const concat: KernelConfig = defineKernel<TensorInfo[], { axis: number }>(Concat, (args) => {
  const { inputs, attrs, backend } = args;
  const first = inputs[0]!;
  const axis = util.parseAxisParam(attrs.axis, first.shape)[0]!;
  const shapes = inputs.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, axis);
  if (inputs.some(({ dtype }) => dtype !== first.dtype) || first.dtype === 'string') {
    return computeOnCpu(Concat, args);
  }
  if (inputs.length === 1) return shareData(backend, first, first.shape);
  return join(backend, inputs, backend_util.computeOutShape(shapes, axis), axis);
});

export const pack: KernelConfig = defineKernel<TensorInfo[], { axis: number }>(Pack, (args) => {
  const { inputs, attrs, backend } = args;
  const { shape, dtype } = inputs[0]!;
  for (const tensor of inputs) {
    util.assertShapesMatch(shape, tensor.shape, 'Stacked tensors must have one shape: ');
    util.assert(
      tensor.dtype === dtype,
      () => `Stacked tensors must have one type, but have ${dtype} and ${tensor.dtype}`,
    );
  }
  if (dtype === 'string') return computeOnCpu(Pack, args);
  const axis = attrs.axis < 0 ? attrs.axis + shape.length + 1 : attrs.axis;
  const result = [...shape.slice(0, axis), inputs.length, ...shape.slice(axis)];
  return join(backend, inputs, result, axis);
});

interface PadAttributes {
  paddings: [number, number][];
  constantValue: number;
}

export const padV2: KernelConfig = defineKernel<{ x: TensorInfo }, PadAttributes>(PadV2, (args) => {
  const { inputs, attrs, backend } = args;
  const { x } = inputs;
  const { paddings, constantValue } = attrs;
  const shift = elementShift(x.dtype);
  if (shift === undefined) return computeOnCpu(PadV2, args);
  const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
  if (util.arraysEqual(shape, x.shape)) return shareData(backend, x, shape);
  const output = filledWith(backend, shape, x.dtype, constantValue);
  const strides = stridesOf(shape);
  const first = strides.reduce((sum, stride, axis) => sum + stride * paddings[axis]![0], 0);
  copyStrided(
    backend,
    shift,
    x.shape,
    { pointer: backend.pointer(output) + (first << shift), strides },
    { pointer: backend.pointer(x), strides: stridesOf(x.shape) },
  );
  return output;
});
