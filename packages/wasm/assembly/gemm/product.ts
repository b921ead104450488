// C = A B for matrices in memory, as tasks: each computes one block of C of one batch.
import { BLOCK_K, blockSize } from './blocks';
import { Epilogue, finishBlock } from './epilogue';
import { packA, packB, packTransposedA, packTransposedB, ROW_LIST_BYTES } from './pack';
import { EDGE_BYTES, multiplyPanels } from './panels';
import { TILE_COLUMNS } from './tile';

/** Arguments of {@link packTask}. */
@unmanaged
class PackArguments {
  b: usize;
  /** Bytes from one stored row of B to the next. */
  bStep: usize;
  transposed: i32;
  k: i32;
  columns: i32;
  target: usize;
  /** Byte offset of each batch in B, as a list; 0 if there is one batch. */
  batches: usize;
  targetBatchBytes: usize;
  panelsPerTask: i32;
  tasksPerBatch: i32;
  /** A list of row addresses for each worker, `listStep` bytes apart. */
  lists: usize;
  listStep: usize;
}

/** Packs some panels of B. */
export function packTask(args: usize, task: i32, worker: i32): void {
  const p = changetype<PackArguments>(args);
  const batch = task / p.tasksPerBatch;
  const panel = (task % p.tasksPerBatch) * p.panelsPerTask;
  const column = panel * TILE_COLUMNS;
  const columns = min(p.columns - column, p.panelsPerTask * TILE_COLUMNS);
  const target = p.target + <usize>batch * p.targetBatchBytes + <usize>(panel * p.k) * 32;
  let b = p.b;
  if (p.batches) b += load<usize>(p.batches + (<usize>batch << 2));
  if (p.transposed) {
    const list = p.lists + <usize>worker * p.listStep;
    packTransposedB(b + <usize>column * p.bStep, p.bStep, p.k, columns, target, list);
  } else {
    packB(b + (<usize>column << 2), p.bStep, p.k, columns, target);
  }
}

/** Arguments of {@link productTask}; the epilogue's follow. */
@unmanaged
class ProductArguments {
  a: usize;
  /** Bytes from one stored row of A to the next. */
  aStep: usize;
  transposedA: i32;
  /** Byte offset of each batch in A, as a list; 0 if there is one batch. */
  aBatches: usize;
  /** B in panels of 8 columns, `bPanel` bytes apart, with `bStep` bytes from k to k + 1. */
  b: usize;
  bStep: usize;
  bPanel: usize;
  /** As `aBatches`, for B where it was not packed; packed batches are `bBatchBytes` apart. */
  bBatches: usize;
  bBatchBytes: usize;
  c: usize;
  cStep: usize;
  cBatchBytes: usize;
  rows: i32;
  columns: i32;
  k: i32;
  rowsPerTask: i32;
  rowTasks: i32;
  columnsPerTask: i32;
  columnTasks: i32;
  scratch: usize;
  scratchStep: usize;
}

/** Computes one block of C of one batch, with the epilogue. */
export function productTask(args: usize, task: i32, worker: i32): void {
  const p = changetype<ProductArguments>(args);
  const epilogue = changetype<Epilogue>(args + offsetof<ProductArguments>());
  const perBatch = p.rowTasks * p.columnTasks;
  const batch = task / perBatch;
  const block = task % perBatch;
  const row = (block / p.columnTasks) * p.rowsPerTask;
  const column = (block % p.columnTasks) * p.columnsPerTask;
  const rows = min(p.rowsPerTask, p.rows - row);
  const columns = min(p.columnsPerTask, p.columns - column);
  const edge = p.scratch + <usize>worker * p.scratchStep;
  const list = edge + EDGE_BYTES;
  const packed = list + ROW_LIST_BYTES;
  const panel = <usize>(column / TILE_COLUMNS) * p.bPanel;
  let a = p.a;
  if (p.aBatches) a += load<usize>(p.aBatches + (<usize>batch << 2));
  let b = p.b + <usize>batch * p.bBatchBytes + panel;
  if (p.bBatches) b += load<usize>(p.bBatches + (<usize>batch << 2));
  const c = p.c + <usize>batch * p.cBatchBytes + <usize>row * p.cStep + (<usize>column << 2);
  const blockK = blockSize(p.k, BLOCK_K);
  let k = 0;
  do {
    const count = min(blockK, p.k - k);
    if (p.transposedA) {
      packTransposedA(a + <usize>k * p.aStep + (<usize>row << 2), p.aStep, rows, count, packed);
    } else {
      packA(a + <usize>row * p.aStep + (<usize>k << 2), p.aStep, rows, count, packed, list);
    }
    multiplyPanels(
      packed, 0, rows, b + <usize>k * p.bStep, p.bStep, p.bPanel, columns, count,
      c, p.cStep, k > 0, edge);
    k += count;
  } while (k < p.k);
  finishBlock(epilogue, c, p.cStep, batch * p.rows + row, rows, column, columns);
}
