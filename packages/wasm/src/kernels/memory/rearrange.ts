import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { Reverse, Tile, Transpose, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { copyStrided, elementShift, stridesOf } from './copy.js';
import { shareData } from './share-data.js';

/** `x` with its axes in the order `perm`; no copy when that moves no element. */
export function transposed(
  backend: AeWasmBackend,
  x: TensorInfo,
  perm: readonly number[],
): TensorInfo {
  const shape = perm.map((axis) => x.shape[axis]!);
  const moving = perm.filter((axis) => x.shape[axis] !== 1);
  if (moving.every((axis, i) => i === 0 || axis > moving[i - 1]!)) {
    return shareData(backend, x, shape);
  }
  const shift = elementShift(x.dtype);
  if (shift === undefined) {
    return computeOnCpu(Transpose, { inputs: { x }, attrs: { perm }, backend }) as TensorInfo;
  }
  const output = backend.makeOutput(shape, x.dtype);
  const strides = stridesOf(x.shape);
  copyStrided(
    backend,
    shift,
    shape,
    { pointer: backend.pointer(output), strides: stridesOf(shape) },
    { pointer: backend.pointer(x), strides: perm.map((axis) => strides[axis]!) },
  );
  return output;
}

export const transpose: KernelConfig = defineKernel<{ x: TensorInfo }, { perm: number[] }>(
  Transpose,
  ({ inputs, attrs, backend }) => transposed(backend, inputs.x, attrs.perm),
);

export const reverse: KernelConfig = defineKernel<{ x: TensorInfo }, { dims: number[] }>(
  Reverse,
  (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    const shift = elementShift(x.dtype);
    if (shift === undefined) return computeOnCpu(Reverse, args);
    const axes = util.parseAxisParam(attrs.dims, x.shape);
    const output = backend.makeOutput(x.shape, x.dtype);
    const strides = stridesOf(x.shape);
    const last = axes.reduce((sum, axis) => sum + (x.shape[axis]! - 1) * strides[axis]!, 0);
    copyStrided(
      backend,
      shift,
      x.shape,
      { pointer: backend.pointer(output), strides },
      {
        pointer: backend.pointer(x) + (last << shift),
        strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
      },
    );
    return output;
  },
);

export const tile: KernelConfig = defineKernel<{ x: TensorInfo }, { reps: number[] }>(
  Tile,
  (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    const shift = elementShift(x.dtype);
    if (shift === undefined) return computeOnCpu(Tile, args);
    const shape = x.shape.map((size, axis) => size * attrs.reps[axis]!);
    const output = backend.makeOutput(shape, x.dtype);
    const toStrides = stridesOf(shape);
    const fromStrides = stridesOf(x.shape);
    // Each axis as two: its repetitions, for which the source stands still, and its elements.
    copyStrided(
      backend,
      shift,
      x.shape.flatMap((size, axis) => [attrs.reps[axis]!, size]),
      {
        pointer: backend.pointer(output),
        strides: x.shape.flatMap((size, axis) => [size * toStrides[axis]!, toStrides[axis]!]),
      },
      {
        pointer: backend.pointer(x),
        strides: x.shape.flatMap((_, axis) => [0, fromStrides[axis]!]),
      },
    );
    return output;
  },
);
