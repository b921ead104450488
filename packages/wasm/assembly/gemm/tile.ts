// The innermost loops: one tile of a product, held in registers.
//
// Both operands come in panels, one column of A (6 or 4 rows) and one row of B
// (8 columns) for each step k:
//
//   A  a00 a10 a20 a30 a40 a50 | a01 a11 ...      aStep bytes from k to k + 1
//   B  b00 b01 ... b07         | b10 b11 ...      bStep bytes from k to k + 1
//
// V8 has 15 vector registers for us: 12 sums, 2 of B and 1 of A is all that fits.
// Where there is no fused multiply-add a product needs a register too, so that
// 4 rows are best there. The loops are not unrolled, test at the top, and store
// the sums instead of adding them to C: V8 spills registers in every other form
// (half the speed on Node 20).
//
// A single row has two sums for 8 columns, which would wait for each other's
// additions; it takes four panels of B at once instead.
import { multiplyAdd } from '../elementwise/math';

/** Columns of a tile. */
export const TILE_COLUMNS: i32 = 8;

/** Columns of the tile of a single row. */
export const WIDE_COLUMNS: i32 = 32;

/** Rows of the tile with which to go on when `rows` rows are left. */
// @ts-ignore: decorator
@inline
export function tileRows(rows: i32): i32 {
  if (rows == 1) return 1;
  if (!ASC_FEATURE_RELAXED_SIMD) return 4;
  return rows <= 4 || rows == 7 || rows == 8 ? 4 : 6;
}

/** Whether the last of `rows` rows has no other beside it: the steps of `tileRows` end with 1. */
// @ts-ignore: decorator
@inline
export function endsWithOneRow(rows: i32): bool {
  return ASC_FEATURE_RELAXED_SIMD ? rows == 1 : rows % 4 == 1;
}

/** C[6, 8] = A[6, k] B[k, 8], added to what is in C if `accumulate`. */
export function tile6(
  a: usize, aStep: usize, b: usize, bStep: usize, k: i32, c: usize, cStep: usize,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  let c40 = f32x4.splat(0), c41 = f32x4.splat(0);
  let c50 = f32x4.splat(0), c51 = f32x4.splat(0);
  const r1 = c + cStep;
  const r2 = r1 + cStep;
  const r3 = r2 + cStep;
  const r4 = r3 + cStep;
  const r5 = r4 + cStep;
  if (accumulate) {
    c00 = v128.load(c); c01 = v128.load(c, 16);
    c10 = v128.load(r1); c11 = v128.load(r1, 16);
    c20 = v128.load(r2); c21 = v128.load(r2, 16);
    c30 = v128.load(r3); c31 = v128.load(r3, 16);
    c40 = v128.load(r4); c41 = v128.load(r4, 16);
    c50 = v128.load(r5); c51 = v128.load(r5, 16);
  }
  const end = b + <usize>k * bStep;
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00); c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10); c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20); c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30); c31 = multiplyAdd(a3, b1, c31);
    const a4 = v128.load32_splat(a, 16);
    c40 = multiplyAdd(a4, b0, c40); c41 = multiplyAdd(a4, b1, c41);
    const a5 = v128.load32_splat(a, 20);
    c50 = multiplyAdd(a5, b0, c50); c51 = multiplyAdd(a5, b1, c51);
    b += bStep;
    a += aStep;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(r1, c10); v128.store(r1, c11, 16);
  v128.store(r2, c20); v128.store(r2, c21, 16);
  v128.store(r3, c30); v128.store(r3, c31, 16);
  v128.store(r4, c40); v128.store(r4, c41, 16);
  v128.store(r5, c50); v128.store(r5, c51, 16);
}

/** C[4, 8] = A[4, k] B[k, 8], added to what is in C if `accumulate`. */
export function tile4(
  a: usize, aStep: usize, b: usize, bStep: usize, k: i32, c: usize, cStep: usize,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const r1 = c + cStep;
  const r2 = r1 + cStep;
  const r3 = r2 + cStep;
  if (accumulate) {
    c00 = v128.load(c); c01 = v128.load(c, 16);
    c10 = v128.load(r1); c11 = v128.load(r1, 16);
    c20 = v128.load(r2); c21 = v128.load(r2, 16);
    c30 = v128.load(r3); c31 = v128.load(r3, 16);
  }
  const end = b + <usize>k * bStep;
  while (b < end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00); c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10); c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20); c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30); c31 = multiplyAdd(a3, b1, c31);
    b += bStep;
    a += aStep;
  }
  v128.store(c, c00); v128.store(c, c01, 16);
  v128.store(r1, c10); v128.store(r1, c11, 16);
  v128.store(r2, c20); v128.store(r2, c21, 16);
  v128.store(r3, c30); v128.store(r3, c31, 16);
}

/** C[1, 32] = A[1, k] B[k, 32], from four panels, added to what is in C if `accumulate`. */
export function tile1Wide(
  a: usize, aStep: usize, b: usize, bStep: usize, bPanel: usize, k: i32, c: usize,
  accumulate: bool,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0), c2 = f32x4.splat(0), c3 = f32x4.splat(0);
  let c4 = f32x4.splat(0), c5 = f32x4.splat(0), c6 = f32x4.splat(0), c7 = f32x4.splat(0);
  if (accumulate) {
    c0 = v128.load(c); c1 = v128.load(c, 16); c2 = v128.load(c, 32); c3 = v128.load(c, 48);
    c4 = v128.load(c, 64); c5 = v128.load(c, 80); c6 = v128.load(c, 96); c7 = v128.load(c, 112);
  }
  let d = b + bPanel;
  let e = d + bPanel;
  let f = e + bPanel;
  const end = b + <usize>k * bStep;
  while (b < end) {
    const a0 = v128.load32_splat(a);
    c0 = multiplyAdd(a0, v128.load(b), c0); c1 = multiplyAdd(a0, v128.load(b, 16), c1);
    c2 = multiplyAdd(a0, v128.load(d), c2); c3 = multiplyAdd(a0, v128.load(d, 16), c3);
    c4 = multiplyAdd(a0, v128.load(e), c4); c5 = multiplyAdd(a0, v128.load(e, 16), c5);
    c6 = multiplyAdd(a0, v128.load(f), c6); c7 = multiplyAdd(a0, v128.load(f, 16), c7);
    a += aStep;
    b += bStep;
    d += bStep;
    e += bStep;
    f += bStep;
  }
  v128.store(c, c0); v128.store(c, c1, 16); v128.store(c, c2, 32); v128.store(c, c3, 48);
  v128.store(c, c4, 64); v128.store(c, c5, 80); v128.store(c, c6, 96); v128.store(c, c7, 112);
}

/** C[1, 8] = A[1, k] B[k, 8], added to what is in C if `accumulate`. */
export function tile1(
  a: usize, aStep: usize, b: usize, bStep: usize, k: i32, c: usize, accumulate: bool,
): void {
  let c0 = f32x4.splat(0), c1 = f32x4.splat(0);
  if (accumulate) {
    c0 = v128.load(c); c1 = v128.load(c, 16);
  }
  const end = b + <usize>k * bStep;
  while (b < end) {
    const a0 = v128.load32_splat(a);
    c0 = multiplyAdd(a0, v128.load(b), c0); c1 = multiplyAdd(a0, v128.load(b, 16), c1);
    a += aStep;
    b += bStep;
  }
  v128.store(c, c0); v128.store(c, c1, 16);
}
