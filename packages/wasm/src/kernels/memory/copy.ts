import type { DataType } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';

/** An array's elements in an order of its own: where it starts and how far each dimension goes. */
export interface Strided {
  /** Byte offset of the first element in the heap. */
  pointer: number;
  /** Elements from one index to the next, for each dimension; may be negative or 0. */
  strides: readonly number[];
}

const SHIFTS: Partial<Record<DataType, number>> = { bool: 0, int32: 2, float32: 2, complex64: 3 };

/** Elements of one task, about. */
const TASK = 16384;

/** Bytes of an element as a power of two, or undefined for strings, which the heap does not hold. */
export function elementShift(dtype: DataType): number | undefined {
  return SHIFTS[dtype];
}

/** Strides of a row-major array. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

interface Dimension {
  size: number;
  to: number;
  from: number;
}

/** Copies an array of `sizes`, whose elements are 2 to the power of `shift` bytes. */
export function copyStrided(
  backend: AeWasmBackend,
  shift: number,
  sizes: readonly number[],
  to: Strided,
  from: Strided,
): void {
  const dimensions: Dimension[] = [];
  let elements = 1;
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!;
    elements *= size;
    if (size === 1) continue;
    const outer = dimensions[dimensions.length - 1];
    const dimension = { size, to: to.strides[i]!, from: from.strides[i]! };
    const continues =
      outer && outer.to === size * dimension.to && outer.from === size * dimension.from;
    if (continues) Object.assign(outer, { ...dimension, size: outer.size * size });
    else dimensions.push(dimension);
  }
  if (elements === 0) return;
  const contiguous =
    dimensions.length === 1 && dimensions[0]!.to === 1 && dimensions[0]!.from === 1;
  if (contiguous || dimensions.length === 0) {
    backend.kernels.copyBytes(to.pointer, from.pointer, elements << shift);
    return;
  }
  // Innermost the dimension along which the result is contiguous, then that of the source.
  dimensions.sort((a, b) => order(b) - order(a));
  while (dimensions.length < 2) dimensions.unshift({ size: 1, to: 0, from: 0 });
  const rows = elements / dimensions[dimensions.length - 1]!.size;
  const height = 16 * Math.max(1, Math.round((TASK * rows) / elements / 16));
  backend.run(
    'copyTask',
    [
      shift,
      to.pointer,
      from.pointer,
      rows,
      height,
      dimensions.length,
      ...dimensions.map(({ size }) => size),
      ...dimensions.map((dimension) => dimension.to),
      ...dimensions.map((dimension) => dimension.from),
    ],
    Math.ceil(rows / height),
  );
}

function order({ to, from }: Dimension): number {
  return to === 1 ? 0 : from === 1 ? 1 : 2;
}
