import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { panelsPerTask, TILE_COLUMNS } from '../gemm/layout.js';

interface FilterMatrix {
  filter: number;
  k: number;
  columns: number;
  packed: number;
  /** Scratch for the row list of each worker. */
  lists: number;
  listStep: number;
}

/** Packs a filter, a row-major matrix `[k, columns]`, into panels of 8 columns. */
export function packFilter(backend: AeWasmBackend, matrix: FilterMatrix): void {
  const { filter, k, columns, packed, lists, listStep } = matrix;
  const panels = Math.ceil(columns / TILE_COLUMNS);
  const perTask = panelsPerTask(panels, k);
  const tasks = Math.ceil(panels / perTask);
  const words = [filter, columns * 4, 0, k, columns, packed, 0, 0, perTask, tasks];
  backend.run('packTask', [...words, lists, listStep], tasks);
}

interface TransposedFilter extends FilterMatrix {
  taps: number;
  /** Channels of the blocks into which the columns (taps x channels) are reordered. */
  channelsPerBlock: number;
  /** Scratch for one word for each tap of each block. */
  offsets: number;
}

/**
 * Packs the transpose of a filter `[taps x channels, k]` into panels of 8 columns, the columns
 * being `[block of channels, tap, channel]`.
 */
export function packTransposedFilter(backend: AeWasmBackend, matrix: TransposedFilter): void {
  const { filter, k, columns, packed, lists, listStep } = matrix;
  const { taps, channelsPerBlock, offsets } = matrix;
  const channels = columns / taps;
  if (channelsPerBlock === channels) {
    const panels = Math.ceil(columns / TILE_COLUMNS);
    const perTask = panelsPerTask(panels, k);
    const tasks = Math.ceil(panels / perTask);
    const words = [filter, k * 4, 1, k, columns, packed, 0, 0, perTask, tasks];
    backend.run('packTask', [...words, lists, listStep], tasks);
    return;
  }
  const blocks = channels / channelsPerBlock;
  const view = new Int32Array(backend.wasm.HEAPU8.buffer, offsets, blocks * taps);
  for (let block = 0; block < blocks; block++) {
    for (let tap = 0; tap < taps; tap++) {
      view[block * taps + tap] = (tap * channels + block * channelsPerBlock) * k * 4;
    }
  }
  const panels = channelsPerBlock / TILE_COLUMNS;
  const bytes = channelsPerBlock * k * 4;
  const words = [filter, k * 4, 1, k, channelsPerBlock, packed, offsets, bytes, panels, 1];
  backend.run('packTask', [...words, lists, listStep], blocks * taps);
}
