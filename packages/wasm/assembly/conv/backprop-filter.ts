// Gradient of a convolution by its filter: windows^T[K, positions] dy[positions, outChannels],
// K = filterHeight x filterWidth x channels. Both operands have their rows along the positions
// already; blocks of them are copied together so that the product reads them in order.
import { BLOCK_K, blockSize } from '../gemm/blocks';
import { packB } from '../gemm/pack';
import { EDGE_BYTES, multiplyPanels } from '../gemm/panels';
import { TILE_COLUMNS } from '../gemm/tile';
import { copyWindow, Corner, CORNER_BYTES, findCorners, Window } from './window';

/** Arguments of {@link convBackpropFilterTask} after the window's. */
@unmanaged
class BackpropFilterArguments {
  dy: usize;
  /** The result, or the first of the partial results, one for each slice. */
  c: usize;
  positions: i32;
  outChannels: i32;
  positionsPerSlice: i32;
  /** Rows of the filter per task, of which each task takes `part` of the elements of a run. */
  runsPerTask: i32;
  part: i32;
  partTasks: i32;
  rowTasks: i32;
  columnsPerTask: i32;
  columnTasks: i32;
  scratch: usize;
  scratchStep: usize;
}

/** Computes one block of the gradient from the positions of one slice. */
export function convBackpropFilterTask(args: usize, task: i32, worker: i32): void {
  const w = changetype<Window>(args);
  const p = changetype<BackpropFilterArguments>(args + offsetof<Window>());
  const column = (task % p.columnTasks) * p.columnsPerTask;
  const columns = min(p.columnsPerTask, p.outChannels - column);
  task /= p.columnTasks;
  const block = task % p.rowTasks;
  const slice = task / p.rowTasks;

  const run = w.filterWidth * w.channels;
  const firstY = (block / p.partTasks) * p.runsPerTask;
  const lastY = min(firstY + p.runsPerTask, w.filterHeight);
  const from = (block % p.partTasks) * p.part;
  const to = min(from + p.part, run);
  const rows = (lastY - firstY) * (to - from);
  // The tiles read up to 5 elements beyond the rows they have.
  const step = <usize>(rows + 5) << 2;

  const edge = p.scratch + <usize>worker * p.scratchStep;
  const corners = edge + EDGE_BYTES;
  const windows = corners + BLOCK_K * CORNER_BYTES;
  const packed = windows + <usize>BLOCK_K * step;
  const cStep = <usize>p.outChannels << 2;
  const c = p.c + <usize>(slice * w.filterHeight * run) * cStep +
    <usize>(firstY * run + from) * cStep + (<usize>column << 2);

  const start = slice * p.positionsPerSlice;
  const total = min(p.positionsPerSlice, p.positions - start);
  const blockPositions = blockSize(total, BLOCK_K);
  let done = 0;
  do {
    const count = min(blockPositions, total - done);
    const position = start + done;
    copyWindows(w, position, count, firstY, lastY, from, to, corners, windows, step);
    packB(
      p.dy + <usize>position * cStep + (<usize>column << 2), cStep, count, columns, packed);
    multiplyPanels(
      windows, step, rows, packed, TILE_COLUMNS << 2, <usize>count * (TILE_COLUMNS << 2),
      columns, count, c, cStep, done > 0, edge);
    done += count;
  } while (done < total);
}

function copyWindows(
  w: Window, position: i32, count: i32, firstY: i32, lastY: i32, from: i32, to: i32,
  corners: usize, target: usize, step: usize,
): void {
  findCorners(w, position, count, corners);
  for (let i = 0; i < count; i++) {
    const corner = changetype<Corner>(corners + <usize>(i * CORNER_BYTES));
    copyWindow(w, corner, firstY, lastY, from, to, target);
    target += step;
  }
}

/** Words: partial results, their number, the result, elements. */
export function sumSlices(slices: usize, count: i32, result: usize, elements: i32): void {
  const bytes = <usize>elements << 2;
  for (let i = 0; i < elements; i++) {
    const at = <usize>i << 2;
    let sum: f32 = 0;
    let slice = slices + at;
    for (let s = 0; s < count; s++) {
      sum += load<f32>(slice);
      slice += bytes;
    }
    store<f32>(result + at, sum);
  }
}
