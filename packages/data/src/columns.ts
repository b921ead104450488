import type * as tf from '@tensorflow/tfjs-core';

/** Numbers that a column may be made of. */
export type Values =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | readonly number[];

/** How the numbers of one column become a tensor. */
export interface ColumnFormat {
  /**
   * The shape of one example, such as `[28, 28, 1]`; `[]` for one number each.
   * @default []
   */
  readonly shape?: readonly number[];
  /**
   * The type of the tensor.
   * @default 'int32' for typed arrays of integers without `divideBy`, else 'float32'
   */
  readonly dtype?: 'float32' | 'int32';
  /**
   * Every number is divided by this on its way into a batch: with 255 an image
   * stays one byte a pixel in memory and arrives as float32 from 0 to 1.
   * @default 1
   */
  readonly divideBy?: number;
}

/** The values of every example, one after another, and what they mean. */
export interface Column extends ColumnFormat {
  readonly data: Values;
}

/** A batch: tensors by name, each `[batch, ...shape of one example]`. */
export type Batch = Readonly<Record<string, tf.Tensor>>;

/** The tensor that one column gives: its rank is one more than that of an example. */
export type BatchTensor<C> = C extends { readonly shape: infer S extends readonly number[] }
  ? number extends S['length']
    ? tf.Tensor
    : S['length'] extends keyof TensorOfRank
      ? TensorOfRank[S['length']]
      : tf.Tensor
  : tf.Tensor1D;

/** By the rank of one example; a batch has the batch axis besides. */
interface TensorOfRank {
  0: tf.Tensor1D;
  1: tf.Tensor2D;
  2: tf.Tensor3D;
  3: tf.Tensor4D;
  4: tf.Tensor5D;
}

/** The batch that these columns give. */
export type BatchOf<Columns> = { readonly [Name in keyof Columns]: BatchTensor<Columns[Name]> };

/** One column of a batch before it becomes a tensor. */
export interface HostColumn {
  readonly data: Float32Array | Int32Array;
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
}

export type HostBatch = Readonly<Record<string, HostColumn>>;

/**
 * Examples that can be read in any order: what a `Dataset` stands on. Write one
 * of your own for data that neither `fromArrays` nor `fromExamples` fits.
 */
export interface Examples {
  readonly length: number;
  /** The examples with these numbers, in this order. */
  gather(indices: Uint32Array): HostBatch | Promise<HostBatch>;
}

/** An empty column of `count` examples, to be filled. */
export function allocate(
  format: Required<Pick<ColumnFormat, 'shape' | 'dtype'>>,
  count: number,
): HostColumn {
  const { dtype } = format;
  const shape = [count, ...format.shape];
  const size = elements(shape);
  return { shape, dtype, data: dtype === 'int32' ? new Int32Array(size) : new Float32Array(size) };
}

/** How many numbers a tensor of this shape has. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/**
 * The format with its defaults filled in.
 *
 * @throws RangeError when the shape or `divideBy` makes no sense
 */
export function checkedFormat(
  name: string,
  { shape = [], divideBy = 1, dtype }: ColumnFormat,
  defaultDtype: 'float32' | 'int32',
): Required<ColumnFormat> {
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new RangeError(`column '${name}': [${shape.join(', ')}] is not a shape`);
  }
  if (!Number.isFinite(divideBy) || divideBy === 0) {
    throw new RangeError(`column '${name}': cannot divide by ${divideBy}`);
  }
  if (dtype === 'int32' && divideBy !== 1) {
    throw new RangeError(`column '${name}': divideBy gives float32, but dtype is int32`);
  }
  return { shape, divideBy, dtype: dtype ?? (divideBy === 1 ? defaultDtype : 'float32') };
}
