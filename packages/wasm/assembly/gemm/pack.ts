// Copies operands into the panels that the tiles read: [k][rows or columns].
import { TILE_COLUMNS, tileRows } from './tile';

/** Bytes of the list of row addresses that one panel is packed from. */
export const ROW_LIST_BYTES: i32 = 8 * 4;

/**
 * Packs `count` elements of each of `height` rows, `offset` bytes behind the addresses that are
 * listed at `rows`, as [count][height]: a transposition of 4 x 4 blocks.
 */
export function packRows(
  rows: usize, offset: usize, height: i32, count: i32, target: usize,
): void {
  if (height == 6) return packSixRows(rows, offset, count, target);
  if (height == 1) return memory.copy(target, load<usize>(rows) + offset, <usize>count << 2);
  const step = <usize>height << 2;
  for (let row = 0; row < height; row += 4) {
    packFourRows(rows + (<usize>row << 2), offset, count, target + (<usize>row << 2), step);
  }
}

function packFourRows(
  rows: usize, offset: usize, count: i32, target: usize, step: usize,
): void {
  let p0 = load<usize>(rows) + offset;
  let p1 = load<usize>(rows, 4) + offset;
  let p2 = load<usize>(rows, 8) + offset;
  let p3 = load<usize>(rows, 12) + offset;
  for (; count >= 4; count -= 4) {
    const v0 = v128.load(p0), v1 = v128.load(p1), v2 = v128.load(p2), v3 = v128.load(p3);
    const t0 = v128.shuffle<i32>(v0, v1, 0, 4, 1, 5), t1 = v128.shuffle<i32>(v0, v1, 2, 6, 3, 7);
    const t2 = v128.shuffle<i32>(v2, v3, 0, 4, 1, 5), t3 = v128.shuffle<i32>(v2, v3, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(t0, t2, 0, 2));
    v128.store(target + step, v128.shuffle<i64>(t0, t2, 1, 3));
    v128.store(target + 2 * step, v128.shuffle<i64>(t1, t3, 0, 2));
    v128.store(target + 3 * step, v128.shuffle<i64>(t1, t3, 1, 3));
    p0 += 16; p1 += 16; p2 += 16; p3 += 16;
    target += 4 * step;
  }
  for (; count > 0; count--) {
    store<f32>(target, load<f32>(p0));
    store<f32>(target, load<f32>(p1), 4);
    store<f32>(target, load<f32>(p2), 8);
    store<f32>(target, load<f32>(p3), 12);
    p0 += 4; p1 += 4; p2 += 4; p3 += 4;
    target += step;
  }
}

function packSixRows(rows: usize, offset: usize, count: i32, target: usize): void {
  let p0 = load<usize>(rows) + offset;
  let p1 = load<usize>(rows, 4) + offset;
  let p2 = load<usize>(rows, 8) + offset;
  let p3 = load<usize>(rows, 12) + offset;
  let p4 = load<usize>(rows, 16) + offset;
  let p5 = load<usize>(rows, 20) + offset;
  for (; count >= 4; count -= 4) {
    const v0 = v128.load(p0), v1 = v128.load(p1), v2 = v128.load(p2), v3 = v128.load(p3);
    const v4 = v128.load(p4), v5 = v128.load(p5);
    const t0 = v128.shuffle<i32>(v0, v1, 0, 4, 1, 5), t1 = v128.shuffle<i32>(v0, v1, 2, 6, 3, 7);
    const t2 = v128.shuffle<i32>(v2, v3, 0, 4, 1, 5), t3 = v128.shuffle<i32>(v2, v3, 2, 6, 3, 7);
    const u0 = v128.shuffle<i32>(v4, v5, 0, 4, 1, 5), u1 = v128.shuffle<i32>(v4, v5, 2, 6, 3, 7);
    v128.store(target, v128.shuffle<i64>(t0, t2, 0, 2));
    v128.store_lane<i64>(target, u0, 0, 16);
    v128.store(target, v128.shuffle<i64>(t0, t2, 1, 3), 24);
    v128.store_lane<i64>(target, u0, 1, 40);
    v128.store(target, v128.shuffle<i64>(t1, t3, 0, 2), 48);
    v128.store_lane<i64>(target, u1, 0, 64);
    v128.store(target, v128.shuffle<i64>(t1, t3, 1, 3), 72);
    v128.store_lane<i64>(target, u1, 1, 88);
    p0 += 16; p1 += 16; p2 += 16; p3 += 16; p4 += 16; p5 += 16;
    target += 96;
  }
  for (; count > 0; count--) {
    store<f32>(target, load<f32>(p0));
    store<f32>(target, load<f32>(p1), 4);
    store<f32>(target, load<f32>(p2), 8);
    store<f32>(target, load<f32>(p3), 12);
    store<f32>(target, load<f32>(p4), 16);
    store<f32>(target, load<f32>(p5), 20);
    p0 += 4; p1 += 4; p2 += 4; p3 += 4; p4 += 4; p5 += 4;
    target += 24;
  }
}

/** Lists `height` row addresses from `first` on, `stride` bytes apart; beyond `valid` the last. */
export function listRows(
  rows: usize, first: usize, stride: usize, valid: i32, height: i32,
): void {
  for (let row = 0; row < height; row++) {
    store<usize>(rows + (<usize>row << 2), first + <usize>min(row, valid - 1) * stride);
  }
}

/** Packs a row-major A[rows, k], with `stride` bytes from row to row, into panels of tile height. */
export function packA(
  a: usize, stride: usize, rows: i32, k: i32, target: usize, list: usize,
): void {
  while (rows > 0) {
    const height = tileRows(rows);
    listRows(list, a, stride, rows, height);
    packRows(list, 0, height, k, target);
    a += <usize>height * stride;
    target += <usize>(height * k) << 2;
    rows -= height;
  }
}

/** As `packA`, for an A that is stored transposed: [k, rows], `stride` bytes from k to k + 1. */
export function packTransposedA(a: usize, stride: usize, rows: i32, k: i32, target: usize): void {
  while (rows > 0) {
    const height = tileRows(rows);
    packColumns(a, stride, min(height, rows), height, k, target);
    a += <usize>height << 2;
    target += <usize>(height * k) << 2;
    rows -= height;
  }
}

/** Packs a row-major B[k, columns], with `stride` bytes from row to row, into panels of 8. */
export function packB(b: usize, stride: usize, k: i32, columns: i32, target: usize): void {
  while (columns > 0) {
    packColumns(b, stride, min(TILE_COLUMNS, columns), TILE_COLUMNS, k, target);
    b += TILE_COLUMNS << 2;
    target += <usize>k * (TILE_COLUMNS << 2);
    columns -= TILE_COLUMNS;
  }
}

/** As `packB`, for a B that is stored transposed: [columns, k], `stride` bytes from row to row. */
export function packTransposedB(
  b: usize, stride: usize, k: i32, columns: i32, target: usize, list: usize,
): void {
  while (columns > 0) {
    listRows(list, b, stride, columns, TILE_COLUMNS);
    packRows(list, 0, TILE_COLUMNS, k, target);
    b += <usize>TILE_COLUMNS * stride;
    target += <usize>k * (TILE_COLUMNS << 2);
    columns -= TILE_COLUMNS;
  }
}

/** Copies `valid` neighbouring elements for each k, filled up to `width` with zeros. */
function packColumns(
  source: usize, stride: usize, valid: i32, width: i32, k: i32, target: usize,
): void {
  if (valid < width) return packPartialColumns(source, stride, valid, width, k, target);
  const end = target + <usize>(k * width << 2);
  if (width == 8) {
    while (target < end) {
      v128.store(target, v128.load(source));
      v128.store(target, v128.load(source, 16), 16);
      source += stride;
      target += 32;
    }
  } else if (width == 6) {
    while (target < end) {
      v128.store(target, v128.load(source));
      store<i64>(target, load<i64>(source, 16), 16);
      source += stride;
      target += 24;
    }
  } else if (width == 4) {
    while (target < end) {
      v128.store(target, v128.load(source));
      source += stride;
      target += 16;
    }
  } else {
    while (target < end) {
      store<f32>(target, load<f32>(source));
      source += stride;
      target += 4;
    }
  }
}

function packPartialColumns(
  source: usize, stride: usize, valid: i32, width: i32, k: i32, target: usize,
): void {
  for (; k > 0; k--) {
    for (let i = 0; i < width; i++) {
      const at = <usize>i << 2;
      store<f32>(target + at, i < valid ? load<f32>(source + at) : 0);
    }
    source += stride;
    target += <usize>width << 2;
  }
}
