import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import {
  alignBytes,
  BLOCK_K,
  EDGE_BYTES,
  MOST_ROWS,
  ROW_LIST_BYTES,
  ROW_UNIT,
  roundUp,
  TILE_COLUMNS,
  TILE_SLACK,
  wantedTasks,
} from '../gemm/layout.js';
import { multiply } from '../gemm/product.js';
import type { ConvInfo } from './geometry.js';
import { isPlainProduct, positions, windowSize, windowWords } from './geometry.js';
import { packFilter } from './pack-filter.js';

const LEAST_ROWS = 24;
/** Edge, row list, corners and 6 runs of one block: CONV_HEAD_BYTES of assembly/conv/forward.ts. */
const HEAD_BYTES = EDGE_BYTES + ROW_LIST_BYTES + 96 + 6 * BLOCK_K * 4;

/** y `[batch, outHeight, outWidth, outChannels]` = convolution of x, all given by address. */
export function convolve(
  backend: AeWasmBackend,
  info: ConvInfo,
  x: number,
  filter: number,
  y: number,
  epilogue: readonly number[],
): void {
  const rows = positions(info);
  const columns = info.outChannels;
  const k = windowSize(info);
  if (rows === 0 || columns === 0) return;
  if (isPlainProduct(info)) {
    const matrixX = { pointer: x, width: k, transposed: false };
    const matrixF = { pointer: filter, width: columns, transposed: false };
    multiply(backend, matrixX, matrixF, y, { rows, columns, k, batch: 1 }, epilogue);
    return;
  }
  const wanted = wantedTasks(2 * rows * columns * k);
  const rowsPerTask = Math.min(Math.max(roundUp(rows / wanted, ROW_UNIT), LEAST_ROWS), MOST_ROWS);
  const rowTasks = Math.ceil(rows / rowsPerTask);
  const columnsPerTask = roundUp(columns / Math.ceil(wanted / rowTasks), TILE_COLUMNS);
  const columnTasks = Math.ceil(columns / columnsPerTask);

  const packedRows = Math.min(rowsPerTask, rows + TILE_SLACK);
  const workerBytes = alignBytes(HEAD_BYTES + packedRows * Math.min(k, BLOCK_K) * 4);
  const filterBytes = alignBytes(roundUp(columns, TILE_COLUMNS) * k * 4);
  const packed = backend.scratch(filterBytes + workerBytes * backend.threads);
  const workers = packed + filterBytes;
  packFilter(backend, { filter, k, columns, packed, lists: workers, listStep: workerBytes });
  backend.run(
    'convTask',
    [
      ...windowWords(info, x),
      ...[packed, y, rows, columns, rowsPerTask, columnsPerTask, columnTasks],
      ...[workers, workerBytes],
      ...epilogue,
    ],
    rowTasks * columnTasks,
  );
}
