/** Multiples of 64 bytes, so that no two parts of a scratch block share a cache line. */
export function alignBytes(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Tasks that the work of one kernel is cut into, if it is large enough: some for each thread. */
const TASKS = 16;
/** About 20 microseconds; less is not worth sending to another thread. */
const LEAST_FLOPS_PER_TASK = 1e6;

/**
 * How many tasks are worth their while: a power of two, which threads share evenly. From the shape
 * alone: results must not depend on threads.
 */
export function wantedTasks(flops: number): number {
  const most = Math.min(TASKS, flops / LEAST_FLOPS_PER_TASK);
  return most < 2 ? 1 : 2 ** Math.floor(Math.log2(most));
}

/** Elements that one task packs, about 5 microseconds. */
const PACKED_PER_TASK = 32768;

/** How many of the panels of `k` steps one task packs. */
export function panelsPerTask(panels: number, k: number): number {
  const tasks = Math.ceil((panels * k * TILE_COLUMNS) / PACKED_PER_TASK);
  return Math.ceil(panels / Math.max(tasks, 1));
}

/** The sizes of assembly/gemm: rows that all tiles divide, columns of a tile, steps of a block. */
export const ROW_UNIT = 12;
export const TILE_COLUMNS = 8;
export const BLOCK_K = 384;
/** Rows of A that are packed together: 96 KiB for a whole block of k. */
export const MOST_ROWS = 96;
/** Rows that packing may add when it fills the last tile. */
export const TILE_SLACK = 5;
export const EDGE_BYTES: number = 6 * 8 * 4;
export const ROW_LIST_BYTES: number = 8 * 4;
