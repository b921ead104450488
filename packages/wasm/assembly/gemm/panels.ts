// A block of C from packed panels, tile by tile.
import {
  endsWithOneRow, TILE_COLUMNS, tile1, tile1Wide, tile4, tile6, tileRows, WIDE_COLUMNS,
} from './tile';

/** Bytes of the space in which tiles at the edge of C are computed. */
export const EDGE_BYTES: i32 = 6 * 8 * 4;

/**
 * C[rows, columns] (+)= A[rows, k] B[k, columns].
 *
 * A lies in panels of 6, 4 or 1 rows, one after another, if `aStep` is 0; otherwise it is
 * column-major, with `aStep` bytes from k to k + 1 and up to 5 readable elements after its last.
 * B lies in panels of 8 columns, `bPanel` bytes apart, with `bStep` bytes from k to k + 1.
 */
export function multiplyPanels(
  a: usize, aStep: usize, rows: i32, b: usize, bStep: usize, bPanel: usize, columns: i32, k: i32,
  c: usize, cStep: usize, accumulate: bool, edge: usize,
): void {
  if (endsWithOneRow(rows)) {
    rows--;
    multiplyRow(
      a + (<usize>rows << 2) * (aStep ? 1 : <usize>k), aStep ? aStep : 4, b, bStep, bPanel,
      columns, k, c + <usize>rows * cStep, accumulate, edge);
    if (rows == 0) return;
  }
  for (let column = 0; column < columns; column += TILE_COLUMNS) {
    const width = min(TILE_COLUMNS, columns - column);
    let panel = a;
    let target = c;
    let left = rows;
    while (left > 0) {
      const height = tileRows(left);
      const step = aStep ? aStep : <usize>height << 2;
      if (width < TILE_COLUMNS || left < height) {
        edgeTile(panel, step, height, b, bStep, k, edge);
        mergeEdge(edge, target, cStep, min(height, left), width, accumulate);
      } else if (height == 6) {
        tile6(panel, step, b, bStep, k, target, cStep, accumulate);
      } else {
        tile4(panel, step, b, bStep, k, target, cStep, accumulate);
      }
      panel += (<usize>height << 2) * (aStep ? 1 : <usize>k);
      target += <usize>height * cStep;
      left -= height;
    }
    b += bPanel;
    c += TILE_COLUMNS << 2;
  }
}

/** The last row of a block, which has no other beside it. */
function multiplyRow(
  a: usize, aStep: usize, b: usize, bStep: usize, bPanel: usize, columns: i32, k: i32,
  c: usize, accumulate: bool, edge: usize,
): void {
  for (; columns >= WIDE_COLUMNS; columns -= WIDE_COLUMNS) {
    tile1Wide(a, aStep, b, bStep, bPanel, k, c, accumulate);
    b += (WIDE_COLUMNS / TILE_COLUMNS) * bPanel;
    c += WIDE_COLUMNS << 2;
  }
  for (; columns >= TILE_COLUMNS; columns -= TILE_COLUMNS) {
    tile1(a, aStep, b, bStep, k, c, accumulate);
    b += bPanel;
    c += TILE_COLUMNS << 2;
  }
  if (columns == 0) return;
  tile1(a, aStep, b, bStep, k, edge, false);
  mergeEdge(edge, c, 0, 1, columns, accumulate);
}

function edgeTile(
  a: usize, aStep: usize, height: i32, b: usize, bStep: usize, k: i32, edge: usize,
): void {
  if (height == 6) tile6(a, aStep, b, bStep, k, edge, TILE_COLUMNS << 2, false);
  else tile4(a, aStep, b, bStep, k, edge, TILE_COLUMNS << 2, false);
}

/** Copies or adds the valid part of a tile to C. */
function mergeEdge(
  edge: usize, c: usize, cStep: usize, rows: i32, columns: i32, accumulate: bool,
): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) {
      const target = c + (<usize>i << 2);
      const value = load<f32>(edge + (<usize>i << 2));
      store<f32>(target, accumulate ? load<f32>(target) + value : value);
    }
    edge += TILE_COLUMNS << 2;
    c += cStep;
  }
}
