import {
  allocate,
  type BatchOf,
  type ColumnFormat,
  checkedFormat,
  elements,
  type HostBatch,
  type Values,
} from './columns.js';
import { Dataset } from './dataset.js';

type Formats = Readonly<Record<string, ColumnFormat>>;

export interface FromExamplesOptions<F extends Formats> {
  /** How many examples there are. */
  length: number;
  /** The columns of an example; `{}` for a single float32 number. */
  columns: F;
  /**
   * The values of example `index` (from 0), by column; for a column of single
   * numbers, the number. Those of a batch are asked for all at once.
   */
  example: (index: number) => Row<F> | Promise<Row<F>>;
}

type Row<F> = { readonly [Name in keyof F]: Values | number };

/**
 * A dataset of examples that are read when they are needed, from files or a
 * network, and may be more than fit into memory. `Batches.prefetch` reads the
 * next ones while a step runs.
 *
 * ```ts
 * const photos = fromExamples({
 *   length: files.length,
 *   columns: { image: { shape: [64, 64, 3], divideBy: 255 } },
 *   example: async (index) => ({ image: await decode(files[index]) }),
 * });
 * ```
 */
export function fromExamples<const F extends Formats>({
  length,
  columns,
  example,
}: FromExamplesOptions<F>): Dataset<BatchOf<F>> {
  const list = Object.entries(columns).map(([name, column]) => {
    const format = checkedFormat(name, column, 'float32');
    return { ...format, name, size: elements(format.shape) };
  });
  if (list.length === 0) throw new RangeError('fromExamples: there must be at least one column');
  const gather = async (indices: Uint32Array): Promise<HostBatch> => {
    const rows = await Promise.all(Array.from(indices, (index) => example(index)));
    const batch = list.map((column) => {
      const { name, size, divideBy } = column;
      const out = allocate(column, indices.length);
      rows.forEach((row, at) => {
        const value: Values | number | undefined = row[name];
        const values = typeof value === 'number' ? [value] : value;
        if (values?.length !== size) {
          throw new RangeError(
            `column '${name}' of example ${indices[at]} must have ${size} numbers, ` +
              `[${column.shape.join(', ')}], but has ${values?.length ?? 'none'}`,
          );
        }
        for (let i = 0; i < size; i++) out.data[at * size + i] = values[i]! / divideBy;
      });
      return [name, out] as const;
    });
    return Object.fromEntries(batch);
  };
  return new Dataset({ length, gather });
}
