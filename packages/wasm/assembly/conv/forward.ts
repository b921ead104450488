// Convolution as a product: C[positions, outChannels] = windows[positions, K] filter[K, outChannels],
// K = filterHeight x filterWidth x channels. The windows are packed from the image, block by block.
import { BLOCK_K, blockSize } from '../gemm/blocks';
import { Epilogue, finishBlock } from '../gemm/epilogue';
import { packRows, ROW_LIST_BYTES } from '../gemm/pack';
import { EDGE_BYTES, multiplyPanels } from '../gemm/panels';
import { TILE_COLUMNS, tileRows } from '../gemm/tile';
import {
  Corner, CORNER_BYTES, findCorners, isInside, rowBytes, runAddress, Window,
} from './window';

/** Arguments of {@link convTask} after the window's; the epilogue's follow. */
@unmanaged
class ConvArguments {
  /** The filter in panels of 8 columns. */
  filter: usize;
  c: usize;
  positions: i32;
  outChannels: i32;
  rowsPerTask: i32;
  columnsPerTask: i32;
  columnTasks: i32;
  scratch: usize;
  scratchStep: usize;
}

const MAX_TILE_ROWS: i32 = 6;
/** Bytes of one worker's scratch before the packed windows: edge, row list, corners, runs. */
export const CONV_HEAD_BYTES: i32 =
  EDGE_BYTES + ROW_LIST_BYTES + 96 + MAX_TILE_ROWS * BLOCK_K * 4;

/** Computes one block of the output, with the epilogue. */
export function convTask(args: usize, task: i32, worker: i32): void {
  const w = changetype<Window>(args);
  const p = changetype<ConvArguments>(args + offsetof<Window>());
  const epilogue = changetype<Epilogue>(args + offsetof<Window>() + offsetof<ConvArguments>());
  const row = (task / p.columnTasks) * p.rowsPerTask;
  const column = (task % p.columnTasks) * p.columnsPerTask;
  const rows = min(p.rowsPerTask, p.positions - row);
  const columns = min(p.columnsPerTask, p.outChannels - column);
  const edge = p.scratch + <usize>worker * p.scratchStep;
  const packed = edge + CONV_HEAD_BYTES;
  const run = w.filterWidth * w.channels;
  const panel = <usize>(w.filterHeight * run) * (TILE_COLUMNS << 2);
  const filter = p.filter + <usize>(column / TILE_COLUMNS) * panel;
  const cStep = <usize>p.outChannels << 2;
  const c = p.c + <usize>row * cStep + (<usize>column << 2);
  // A block of K is some whole runs, or a part of one.
  const runs = blockSize(w.filterHeight, max(BLOCK_K / run, 1));
  const part = blockSize(run, BLOCK_K);
  for (let y = 0; y < w.filterHeight; y += runs) {
    const lastY = min(y + runs, w.filterHeight);
    for (let from = 0; from < run; from += part) {
      const to = min(from + part, run);
      packWindows(w, row, rows, y, lastY, from, to, edge + EDGE_BYTES, packed);
      const k = y * run + from;
      multiplyPanels(
        packed, 0, rows, filter + <usize>k * (TILE_COLUMNS << 2), TILE_COLUMNS << 2, panel,
        columns, (lastY - y) * (to - from), c, cStep, k > 0, edge);
    }
  }
  finishBlock(epilogue, c, cStep, row, rows, column, columns);
}

function packWindows(
  w: Window, row: i32, rows: i32, firstY: i32, lastY: i32, from: i32, to: i32,
  scratch: usize, target: usize,
): void {
  const list = scratch;
  const corners = list + ROW_LIST_BYTES;
  const spare = corners + 96;
  const count = to - from;
  while (rows > 0) {
    const height = tileRows(rows);
    const valid = min(height, rows);
    findCorners(w, row, valid, corners);
    if (listInsideWindows(w, corners, valid, height, from, list)) {
      for (let y = firstY; y < lastY; y++) {
        packRows(list, <usize>y * rowBytes(w), height, count, target);
        target += <usize>(height * count) << 2;
      }
    } else {
      for (let y = firstY; y < lastY; y++) {
        let address: usize = 0;
        for (let i = 0; i < height; i++) {
          if (i < valid) {
            const corner = changetype<Corner>(corners + <usize>(i * CORNER_BYTES));
            address = runAddress(w, corner, y, from, to, spare + <usize>(i * count << 2));
          }
          store<usize>(list + (<usize>i << 2), address);
        }
        packRows(list, 0, height, count, target);
        target += <usize>(height * count) << 2;
      }
    }
    row += height;
    rows -= height;
  }
}

/** Lists where the windows start, the last one again beyond `valid`, if all lie in the image. */
function listInsideWindows(
  w: Window, corners: usize, valid: i32, height: i32, from: i32, list: usize,
): bool {
  let address: usize = 0;
  for (let i = 0; i < height; i++) {
    if (i < valid) {
      const corner = changetype<Corner>(corners + <usize>(i * CORNER_BYTES));
      if (!isInside(w, corner)) return false;
      address = corner.address + (<usize>from << 2);
    }
    store<usize>(list + (<usize>i << 2), address);
  }
  return true;
}
