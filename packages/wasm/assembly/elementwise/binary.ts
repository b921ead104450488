// Two operands of 32-bit elements. In a row each operand advances by one element (step 1) or stays
// (step 0), and at least one advances; from row to row they advance by aRow and bRow bytes.
import { loadPart, storePart } from './lanes';

const enum Op {
  Add, Sub, Multiply, RealDiv, SquaredDifference, Maximum, Minimum, Prelu, EluGrad,
  AddInt, SubInt, MultiplyInt, MaximumInt, MinimumInt,
}

// @ts-ignore: decorator
@inline
function apply(op: Op, a: v128, b: v128): v128 {
  if (op == Op.Add) return f32x4.add(a, b);
  if (op == Op.Sub) return f32x4.sub(a, b);
  if (op == Op.Multiply) return f32x4.mul(a, b);
  if (op == Op.RealDiv) return f32x4.div(a, b);
  if (op == Op.SquaredDifference) {
    const difference = f32x4.sub(a, b);
    return f32x4.mul(difference, difference);
  }
  if (op == Op.Maximum) return f32x4.max(a, b);
  if (op == Op.Minimum) return f32x4.min(a, b);
  if (op == Op.Prelu) return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
  // a is dy, b is y = elu(x), whose slope is 1 for y >= 0, else e^x = y + 1.
  if (op == Op.EluGrad) {
    const slope = f32x4.add(b, f32x4.splat(1));
    return v128.bitselect(a, f32x4.mul(a, slope), f32x4.ge(b, f32x4.splat(0)));
  }
  if (op == Op.AddInt) return i32x4.add(a, b);
  if (op == Op.SubInt) return i32x4.sub(a, b);
  if (op == Op.MultiplyInt) return i32x4.mul(a, b);
  if (op == Op.MaximumInt) return i32x4.max_s(a, b);
  if (op == Op.MinimumInt) return i32x4.min_s(a, b);
  return a;
}

// @ts-ignore: decorator
@inline
function row(op: Op, a: usize, aStep: i32, b: usize, bStep: i32, y: usize, n: i32): void {
  const end = y + ((<usize>n & ~3) << 2);
  const rest = n & 3;
  if (aStep & bStep) {
    while (y < end) {
      v128.store(y, apply(op, v128.load(a), v128.load(b)));
      a += 16;
      b += 16;
      y += 16;
    }
    if (rest) storePart(y, apply(op, loadPart(a, rest), loadPart(b, rest)), rest);
  } else if (aStep) {
    const scalar = v128.load32_splat(b);
    while (y < end) {
      v128.store(y, apply(op, v128.load(a), scalar));
      a += 16;
      y += 16;
    }
    if (rest) storePart(y, apply(op, loadPart(a, rest), scalar), rest);
  } else {
    const scalar = v128.load32_splat(a);
    while (y < end) {
      v128.store(y, apply(op, scalar, v128.load(b)));
      b += 16;
      y += 16;
    }
    if (rest) storePart(y, apply(op, scalar, loadPart(b, rest)), rest);
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
    y += <usize>n << 2;
  }
}

export function add(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Add, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function sub(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Sub, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function multiply(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Multiply, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function realDiv(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.RealDiv, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function squaredDifference(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.SquaredDifference, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function maximum(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Maximum, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function minimum(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Minimum, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function prelu(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.Prelu, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function eluGrad(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.EluGrad, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function addInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.AddInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function subInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.SubInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function multiplyInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.MultiplyInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function maximumInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.MaximumInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}

export function minimumInt(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  matrix(Op.MinimumInt, a, aStep, aRow, b, bStep, bRow, y, rows, n);
}
