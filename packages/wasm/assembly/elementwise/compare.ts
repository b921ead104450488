// Comparisons of 32-bit elements, one row; the result is a byte, 0 or 1. Steps as in ./binary.

const enum Op {
  Equal, NotEqual, Greater, GreaterEqual, Less, LessEqual,
  EqualInt, NotEqualInt, GreaterInt, GreaterEqualInt, LessInt, LessEqualInt,
}

/** All bits set where the comparison holds. */
// @ts-ignore: decorator
@inline
function apply(op: Op, a: v128, b: v128): v128 {
  if (op == Op.Equal) return f32x4.eq(a, b);
  if (op == Op.NotEqual) return f32x4.ne(a, b);
  if (op == Op.Greater) return f32x4.gt(a, b);
  if (op == Op.GreaterEqual) return f32x4.ge(a, b);
  if (op == Op.Less) return f32x4.lt(a, b);
  if (op == Op.LessEqual) return f32x4.le(a, b);
  if (op == Op.EqualInt) return i32x4.eq(a, b);
  if (op == Op.NotEqualInt) return i32x4.ne(a, b);
  if (op == Op.GreaterInt) return i32x4.gt_s(a, b);
  if (op == Op.GreaterEqualInt) return i32x4.ge_s(a, b);
  if (op == Op.LessInt) return i32x4.lt_s(a, b);
  if (op == Op.LessEqualInt) return i32x4.le_s(a, b);
  return a;
}

/** Four elements, or the same one four times. */
// @ts-ignore: decorator
@inline
function operand(pointer: usize, step: i32): v128 {
  return step ? v128.load(pointer) : v128.load32_splat(pointer);
}

// @ts-ignore: decorator
@inline
function row(op: Op, a: usize, aStep: i32, b: usize, bStep: i32, y: usize, n: i32): void {
  const aBytes = <usize>aStep << 4;
  const bBytes = <usize>bStep << 4;
  let end = y + (<usize>n & ~15);
  while (y < end) {
    const m0 = apply(op, operand(a, aStep), operand(b, bStep));
    const m1 = apply(op, operand(a + aBytes, aStep), operand(b + bBytes, bStep));
    const m2 = apply(op, operand(a + 2 * aBytes, aStep), operand(b + 2 * bBytes, bStep));
    const m3 = apply(op, operand(a + 3 * aBytes, aStep), operand(b + 3 * bBytes, bStep));
    const masks = i8x16.narrow_i16x8_s(
      i16x8.narrow_i32x4_s(m0, m1), i16x8.narrow_i32x4_s(m2, m3));
    v128.store(y, v128.and(masks, i8x16.splat(1)));
    a += 4 * aBytes;
    b += 4 * bBytes;
    y += 16;
  }
  end = y + (n & 15);
  while (y < end) {
    const mask = apply(op, v128.load32_splat(a), v128.load32_splat(b));
    store<u8>(y, i32x4.extract_lane(mask, 0) & 1);
    a += <usize>aStep << 2;
    b += <usize>bStep << 2;
    y++;
  }
}

// @ts-ignore: decorator
@inline
function matrix(
  op: Op, a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  for (let r = 0; r < rows; r++) {
    row(op, a, aStep, b, bStep, y, n);
    a += aRow;
    b += bRow;
    y += n;
  }
}

export function equal(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Equal, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function notEqual(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.NotEqual, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function greater(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Greater, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function greaterEqual(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.GreaterEqual, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function less(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Less, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function lessEqual(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.LessEqual, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function equalInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.EqualInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function notEqualInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.NotEqualInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function greaterInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.GreaterInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function greaterEqualInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.GreaterEqualInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function lessInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.LessInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function lessEqualInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.LessEqualInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}
