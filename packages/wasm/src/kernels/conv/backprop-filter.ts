import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { NO_EPILOGUE } from '../gemm/epilogue.js';
import {
  alignBytes,
  BLOCK_K,
  EDGE_BYTES,
  roundUp,
  TILE_COLUMNS,
  TILE_SLACK,
  wantedTasks,
} from '../gemm/layout.js';
import { multiply } from '../gemm/product.js';
import type { ConvInfo } from './geometry.js';
import { isPlainProduct, positions, windowSize, windowWords } from './geometry.js';

const CORNER_BYTES = 12;
/** Elements of a window that one task takes. */
const MOST_ROWS = 192;
const MOST_COLUMNS = 256;
/** Fewer positions are not worth a partial sum of their own. */
const LEAST_POSITIONS = 512;

/** dw `[filterHeight, filterWidth, inChannels, outChannels]`, the gradient by the filter. */
export function backpropFilter(
  backend: AeWasmBackend,
  info: ConvInfo,
  x: number,
  dy: number,
  dw: number,
): void {
  const rows = windowSize(info);
  const columns = info.outChannels;
  const k = positions(info);
  if (rows === 0 || columns === 0) return;
  if (isPlainProduct(info) && k < LEAST_POSITIONS) {
    const matrixX = { pointer: x, width: rows, transposed: true };
    const matrixDy = { pointer: dy, width: columns, transposed: false };
    multiply(backend, matrixX, matrixDy, dw, { rows, columns, k, batch: 1 }, NO_EPILOGUE);
    return;
  }
  const run = info.filterWidth * info.inChannels;
  const part = Math.ceil(run / Math.ceil(run / MOST_ROWS));
  const partTasks = Math.ceil(run / part);
  const runsPerTask = Math.min(info.filterHeight, Math.max(1, Math.floor(MOST_ROWS / run)));
  const rowTasks = Math.ceil(info.filterHeight / runsPerTask) * partTasks;
  const columnsPerTask = roundUp(columns / Math.ceil(columns / MOST_COLUMNS), TILE_COLUMNS);
  const columnTasks = Math.ceil(columns / columnsPerTask);

  const wanted = Math.ceil(wantedTasks(2 * rows * columns * k) / (rowTasks * columnTasks));
  const mostSlices = Math.max(1, Math.floor(k / LEAST_POSITIONS));
  const positionsPerSlice = Math.max(1, Math.ceil(k / Math.min(wanted, mostSlices)));
  const slices = Math.max(1, Math.ceil(k / positionsPerSlice));

  const taskRows = runsPerTask * part + TILE_SLACK;
  const workerBytes = alignBytes(
    EDGE_BYTES + BLOCK_K * (CORNER_BYTES + taskRows * 4 + columnsPerTask * 4),
  );
  const sliceBytes = slices > 1 ? alignBytes(slices * rows * columns * 4) : 0;
  const partial = backend.scratch(sliceBytes + workerBytes * backend.threads);
  const workers = partial + sliceBytes;
  backend.run(
    'convBackpropFilterTask',
    [
      ...windowWords(info, x),
      ...[dy, slices > 1 ? partial : dw, k, columns, positionsPerSlice],
      ...[runsPerTask, part, partTasks, rowTasks, columnsPerTask, columnTasks],
      ...[workers, workerBytes],
    ],
    rowTasks * columnTasks * slices,
  );
  if (slices > 1) backend.kernels.sumSlices(partial, slices, dw, rows * columns);
}
