import {
  allocate,
  type BatchOf,
  type Column,
  type ColumnFormat,
  checkedFormat,
  elements,
  type HostBatch,
  type Values,
} from './columns.js';
import { Dataset } from './dataset.js';

type Columns = Readonly<Record<string, Column | Values>>;

interface ArrayColumn extends Required<ColumnFormat> {
  readonly name: string;
  readonly data: Values;
  /** How many numbers one example has. */
  readonly size: number;
}

/**
 * A dataset of values that are in memory: one column per name, as a list of
 * numbers (one for each example) or with the shape of an example.
 *
 * ```ts
 * const data = fromArrays({
 *   image: { data: pixels, shape: [28, 28, 1], divideBy: 255 }, // Tensor4D, 0 .. 1
 *   label: new Int32Array(labels),                              // Tensor1D, int32
 * });
 * ```
 *
 * The arrays are not copied; do not change them afterwards.
 *
 * @throws RangeError when the columns differ in their number of examples, or
 *   hold numbers that their type cannot
 */
export function fromArrays<const C extends Columns>(columns: C): Dataset<BatchOf<C>> {
  const list = Object.entries(columns).map(([name, column]) => arrayColumn(name, column));
  if (list.length === 0) throw new RangeError('fromArrays: there must be at least one column');
  const lengths = list.map(({ name, data, size }) => exampleCount(name, data.length, size));
  if (new Set(lengths).size > 1) {
    const counts = list.map(({ name }, at) => `'${name}' ${lengths[at]}`).join(', ');
    throw new RangeError(`fromArrays: the columns differ in their number of examples: ${counts}`);
  }
  const gather = (indices: Uint32Array): HostBatch =>
    Object.fromEntries(list.map((column) => [column.name, gatherColumn(column, indices)]));
  return new Dataset({ length: lengths[0]!, gather });
}

function arrayColumn(name: string, column: Column | Values): ArrayColumn {
  const given: Column = isValues(column) ? { data: column } : column;
  const { data } = given;
  if (!isValues(data)) {
    throw new TypeError(`column '${name}': data must be an array of numbers, not ${typeof data}`);
  }
  const integers = !Array.isArray(data) && !isFloating(data);
  const format = checkedFormat(name, given, integers ? 'int32' : 'float32');
  if (format.dtype === 'int32' && !integers) {
    const bad = data.findIndex((value) => !Number.isInteger(value));
    if (bad >= 0) {
      throw new RangeError(`column '${name}': ${data[bad]} at position ${bad} is not an int32`);
    }
  }
  return { ...format, name, data, size: elements(format.shape) };
}

function isValues(value: unknown): value is Values {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isFloating(data: Values): boolean {
  return data instanceof Float32Array || data instanceof Float64Array;
}

function exampleCount(name: string, length: number, size: number): number {
  const count = length / size;
  if (Number.isInteger(count)) return count;
  throw new RangeError(
    `column '${name}': ${length} numbers do not divide into examples of ${size} each`,
  );
}

function gatherColumn(column: ArrayColumn, indices: Uint32Array): ReturnType<typeof allocate> {
  const { data, size, divideBy } = column;
  const out = allocate(column, indices.length);
  let at = 0;
  for (const index of indices) {
    const start = index * size;
    for (let i = start; i < start + size; i++) out.data[at++] = data[i]! / divideBy;
  }
  return out;
}
