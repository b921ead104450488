import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { NO_EPILOGUE } from '../gemm/epilogue.js';
import {
  alignBytes,
  BLOCK_K,
  EDGE_BYTES,
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
import { packTransposedFilter } from './pack-filter.js';

const CORNER_BYTES = 12;
/** Elements of the products of one band: 256 KiB, which stay in the second-level cache. */
const BAND_ELEMENTS = 65536;
const LEAST_CHANNELS = 32;

/** dx `[batch, inHeight, inWidth, inChannels]`, the gradient by the image, all given by address. */
export function backpropInput(
  backend: AeWasmBackend,
  info: ConvInfo,
  dy: number,
  filter: number,
  dx: number,
): void {
  const { batchSize, inChannels, outChannels: k } = info;
  const columns = windowSize(info);
  const rows = positions(info);
  if (batchSize === 0) return;
  if (isPlainProduct(info)) {
    const matrixDy = { pointer: dy, width: k, transposed: false };
    const matrixF = { pointer: filter, width: k, transposed: true };
    multiply(backend, matrixDy, matrixF, dx, { rows, columns, k, batch: 1 }, NO_EPILOGUE);
    return;
  }
  const wanted = wantedTasks(2 * rows * columns * k);
  const imagesPerTask = Math.ceil(batchSize / wanted);
  const imageTasks = Math.ceil(batchSize / imagesPerTask);
  const channelsPerTask = channelBlock(inChannels, Math.ceil(wanted / imageTasks));
  const channelTasks = inChannels / channelsPerTask;
  const taps = info.filterHeight * info.filterWidth;
  const bandColumns = taps * channelsPerTask;
  const mostRows = roundUp(BAND_ELEMENTS / bandColumns, ROW_UNIT);
  const rowsPerBand = Math.min(mostRows, imagesPerTask * info.outHeight * info.outWidth);

  const workerBytes = alignBytes(
    EDGE_BYTES +
      ROW_LIST_BYTES +
      rowsPerBand * (CORNER_BYTES + bandColumns * 4) +
      (rowsPerBand + TILE_SLACK) * Math.min(k, BLOCK_K) * 4,
  );
  const filterBytes = alignBytes(roundUp(columns, TILE_COLUMNS) * k * 4);
  const offsetBytes = alignBytes(taps * channelTasks * 4);
  const packed = backend.scratch(filterBytes + offsetBytes + workerBytes * backend.threads);
  const offsets = packed + filterBytes;
  const workers = offsets + offsetBytes;
  packTransposedFilter(backend, {
    ...{ filter, k, columns, packed, lists: workers, listStep: workerBytes },
    ...{ taps, channelsPerBlock: channelsPerTask, offsets },
  });
  backend.run(
    'convBackpropInputTask',
    [
      ...windowWords(info, dx),
      ...[dy, packed, batchSize, k, imagesPerTask, channelsPerTask, channelTasks, rowsPerBand],
      ...[workers, workerBytes],
    ],
    imageTasks * channelTasks,
  );
}

/** Channels of about `blocks` equal blocks whose channels fill whole tiles. */
function channelBlock(channels: number, blocks: number): number {
  const least = Math.max(Math.ceil(channels / blocks), LEAST_CHANNELS);
  for (let size = roundUp(least, TILE_COLUMNS); size < channels; size += TILE_COLUMNS) {
    if (channels % size === 0) return size;
  }
  return channels;
}
