// Booleans, one byte each: any value but 0 is true, and results are 0 or 1. Steps as in ./binary.

const enum Op { LogicalAnd, LogicalOr, EqualBool, NotEqualBool }

// @ts-ignore: decorator
@inline
function apply(op: Op, a: bool, b: bool): bool {
  if (op == Op.LogicalAnd) return a & b;
  if (op == Op.LogicalOr) return a | b;
  if (op == Op.EqualBool) return a == b;
  return a != b;
}

// @ts-ignore: decorator
@inline
function applyVector(op: Op, a: v128, b: v128): v128 {
  const one = i8x16.splat(1);
  const p = i8x16.min_u(a, one);
  const q = i8x16.min_u(b, one);
  if (op == Op.LogicalAnd) return v128.and(p, q);
  if (op == Op.LogicalOr) return v128.or(p, q);
  if (op == Op.EqualBool) return v128.xor(v128.xor(p, q), one);
  return v128.xor(p, q);
}

// @ts-ignore: decorator
@inline
function operand(pointer: usize, step: i32): v128 {
  return step ? v128.load(pointer) : v128.load8_splat(pointer);
}

// @ts-ignore: decorator
@inline
function row(op: Op, a: usize, aStep: i32, b: usize, bStep: i32, y: usize, n: i32): void {
  let end = y + (<usize>n & ~15);
  while (y < end) {
    v128.store(y, applyVector(op, operand(a, aStep), operand(b, bStep)));
    a += <usize>aStep << 4;
    b += <usize>bStep << 4;
    y += 16;
  }
  end = y + (n & 15);
  while (y < end) {
    store<u8>(y, <u8>apply(op, load<u8>(a) != 0, load<u8>(b) != 0));
    a += aStep;
    b += bStep;
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

export function logicalAnd(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.LogicalAnd, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function logicalOr(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.LogicalOr, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function equalBool(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.EqualBool, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function notEqualBool(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.NotEqualBool, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function logicalNot(x: usize, y: usize, n: i32): void {
  const end = y + n;
  while (y < end) store<u8>(y++, <u8>(load<u8>(x++) == 0));
}
