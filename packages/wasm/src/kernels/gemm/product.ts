import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import {
  alignBytes,
  BLOCK_K,
  EDGE_BYTES,
  MOST_ROWS,
  panelsPerTask,
  ROW_LIST_BYTES,
  ROW_UNIT,
  roundUp,
  TILE_COLUMNS,
  TILE_SLACK,
  wantedTasks,
} from './layout.js';

/** A row-major matrix in the heap, or one for each batch. */
export interface Matrix {
  pointer: number;
  /** Elements of a stored row. */
  width: number;
  /** Whether the operand is the transpose of what is stored. */
  transposed: boolean;
  /** Index of the stored matrix for each batch; absent if there is one batch. */
  batches?: readonly number[] | undefined;
}

/** C[rows, columns] = A[rows, k] B[k, columns] for each batch. */
export interface ProductShape {
  rows: number;
  columns: number;
  k: number;
  batch: number;
}

/** Most elements of B that are packed at a time: 16 MiB. */
const MOST_PACKED = 2 ** 22;
/** Each task packs its rows of A, which has to pay off. */
const LEAST_COLUMNS = 32;
/** With fewer rows, packing B costs more than it saves. */
const LEAST_ROWS_TO_PACK = 7;

/** Multiplies matrices in the heap. `c` is the address of the result, batch after batch. */
export function multiply(
  backend: AeWasmBackend,
  a: Matrix,
  b: Matrix,
  c: number,
  shape: ProductShape,
  epilogue: readonly number[],
): void {
  const { rows, columns, k, batch } = shape;
  if (rows === 0 || columns === 0 || batch === 0) return;
  const isPacked = b.transposed || rows >= LEAST_ROWS_TO_PACK;
  const roundColumns = isPacked ? columnsAtATime(k, columns) : columns;
  const roundBatch = isPacked
    ? Math.max(1, Math.min(batch, Math.floor(MOST_PACKED / (k * roundUp(roundColumns, 8) || 1))))
    : batch;
  for (let first = 0; first < batch; first += roundBatch) {
    for (let column = 0; column < columns; column += roundColumns) {
      const part = {
        first,
        count: Math.min(roundBatch, batch - first),
        column,
        columns: Math.min(roundColumns, columns - column),
      };
      multiplyPart(backend, a, b, c, shape, epilogue, part, isPacked);
    }
  }
}

/** The batches and columns of one round, whose packed B fits the scratch memory. */
interface Part {
  first: number;
  count: number;
  column: number;
  columns: number;
}

function columnsAtATime(k: number, columns: number): number {
  const most = Math.floor(MOST_PACKED / Math.max(k, 1) / TILE_COLUMNS) * TILE_COLUMNS;
  return Math.min(columns, Math.max(most, TILE_COLUMNS));
}

function multiplyPart(
  backend: AeWasmBackend,
  a: Matrix,
  b: Matrix,
  c: number,
  { rows, columns: allColumns, k, batch }: ProductShape,
  epilogue: readonly number[],
  { first, count, column, columns }: Part,
  isPacked: boolean,
): void {
  const flops = 2 * rows * columns * k;
  const wanted = Math.ceil(wantedTasks(flops * count) / count);
  const rowsPerTask = roundUp(rows / Math.ceil(rows / MOST_ROWS), ROW_UNIT);
  const rowTasks = Math.ceil(rows / rowsPerTask);
  const columnsPerTask = Math.max(
    roundUp(columns / Math.ceil(wanted / rowTasks), TILE_COLUMNS),
    LEAST_COLUMNS,
  );
  const columnTasks = Math.ceil(columns / columnsPerTask);

  const panelBytes = k * TILE_COLUMNS * 4;
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const packedBatchBytes = isPacked ? panels * panelBytes : 0;
  const listBytes = batch > 1 ? alignBytes(count * 4) : 0;
  const headBytes = EDGE_BYTES + ROW_LIST_BYTES;
  const packedRows = Math.min(rowsPerTask, rows + TILE_SLACK);
  const workerBytes = alignBytes(headBytes + packedRows * Math.min(k, BLOCK_K) * 4);
  const listA = backend.scratch(
    2 * listBytes + packedBatchBytes * count + workerBytes * backend.threads,
  );
  const listB = listA + listBytes;
  const packed = listB + listBytes;
  const workers = packed + packedBatchBytes * count;
  if (batch > 1) {
    writeOffsets(backend, listA, a, k, rows, first, count);
    writeOffsets(backend, listB, b, allColumns, k, first, count);
  }
  const offsetsA = batch > 1 ? listA : 0;
  const offsetsB = batch > 1 ? listB : 0;
  const pointerB = b.pointer + column * 4 * (b.transposed ? b.width : 1);

  if (isPacked) {
    const perTask = panelsPerTask(panels, k);
    const tasksPerBatch = Math.ceil(panels / perTask);
    backend.run(
      'packTask',
      [
        ...[pointerB, b.width * 4, Number(b.transposed), k, columns, packed],
        ...[offsetsB, packedBatchBytes, perTask, tasksPerBatch],
        // The workers' scratch is free until the product.
        ...[workers, workerBytes],
      ],
      tasksPerBatch * count,
    );
  }
  backend.run(
    'productTask',
    [
      ...[a.pointer, a.width * 4, Number(a.transposed), offsetsA],
      ...(isPacked
        ? [packed, TILE_COLUMNS * 4, panelBytes, 0, packedBatchBytes]
        : [pointerB, b.width * 4, TILE_COLUMNS * 4, offsetsB, 0]),
      ...[c + (first * rows * allColumns + column) * 4, allColumns * 4, rows * allColumns * 4],
      ...[rows, columns, k, rowsPerTask, rowTasks, columnsPerTask, columnTasks],
      ...[workers, workerBytes],
      ...shiftEpilogue(epilogue, first * rows, column),
    ],
    rowTasks * columnTasks * count,
  );
}

function writeOffsets(
  backend: AeWasmBackend,
  list: number,
  { batches, width }: Matrix,
  inner: number,
  outer: number,
  first: number,
  count: number,
): void {
  const bytes = width === 0 ? 0 : inner * outer * 4;
  const words = new Int32Array(backend.wasm.HEAPU8.buffer, list, count);
  for (let i = 0; i < count; i++) words[i] = (batches?.[first + i] ?? 0) * bytes;
}

/** The epilogue of the part of C that starts at a row (of all batches) and a column. */
function shiftEpilogue(words: readonly number[], row: number, column: number): readonly number[] {
  if (row === 0 && column === 0) return words;
  const [activation, bias, biasRow, biasColumn, slope, slopeRow, slopeColumn] = words as number[];
  return [
    activation!,
    bias! === 0 ? 0 : bias! + row * biasRow! + column * biasColumn!,
    ...[biasRow!, biasColumn!],
    slope! + row * slopeRow! + column * slopeColumn!,
    ...[slopeRow!, slopeColumn!],
  ];
}
