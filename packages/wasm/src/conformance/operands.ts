import * as tf from '@tensorflow/tfjs-core';

/** A tensor's contents, of which each backend makes its own tensor. */
export interface Operand {
  shape: number[];
  dtype: tf.DataType;
  values: readonly (number | string)[];
  /** Imaginary parts, for complex64. */
  imaginary?: readonly number[];
}

/** One call of a kernel. */
export interface Case {
  inputs: Record<string, Operand | Operand[]> | Operand[];
  attrs?: Record<string, unknown>;
  /** Largest difference, relative to the larger of 1 and the expected value; by default 2e-6. */
  tolerance?: number;
}

/** Kernel name -> its cases. */
export type Cases = Record<string, Case[]>;

let state = 1;

/** The same sequence in every run, from 0 to before 1. */
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function generate<T>(shape: number[], make: () => T): T[] {
  return Array.from({ length: tf.util.sizeFromShape(shape) }, make);
}

export function floats(shape: number[], low = -3, high = 3): Operand {
  const values = generate(shape, () => low + (high - low) * random());
  return { shape, dtype: 'float32', values };
}

export function ints(shape: number[], low = -5, high = 6): Operand {
  const values = generate(shape, () => Math.floor(low + (high - low) * random()));
  return { shape, dtype: 'int32', values };
}

export function bools(shape: number[]): Operand {
  return { shape, dtype: 'bool', values: generate(shape, () => Number(random() < 0.5)) };
}

export function complexes(shape: number[]): Operand {
  const { values } = floats(shape);
  const imaginary = floats(shape).values as number[];
  return { shape, dtype: 'complex64', values, imaginary };
}

export function strings(shape: number[]): Operand {
  return {
    shape,
    dtype: 'string',
    values: generate(shape, () => 'abc'.charAt(3 * random()) + 'de'.charAt(2 * random())),
  };
}

export function exactly(
  values: readonly (number | string)[],
  shape: number[] = [values.length],
  dtype: tf.DataType = typeof values[0] === 'string' ? 'string' : 'float32',
): Operand {
  return { shape, dtype, values };
}

/** Numbers where functions have edges. */
export const edges: Operand = exactly([
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  1e-8,
  -1e-8,
  20,
  -20,
  100,
  -100,
  1e30,
  -1e30,
  NaN,
  Infinity,
  -Infinity,
]);

export function toTensor({ shape, dtype, values, imaginary }: Operand): tf.Tensor {
  if (dtype === 'complex64') {
    return tf.tidy(() =>
      tf.complex(
        tf.tensor(values as number[], shape, 'float32'),
        tf.tensor([...imaginary!], shape, 'float32'),
      ),
    );
  }
  return tf.tensor([...values] as number[], shape, dtype);
}
