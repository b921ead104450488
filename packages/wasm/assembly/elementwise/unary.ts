// One float32 in, one float32 out. `alpha` and `beta` are constants of the operation.
import { vectorErf, vectorExp, vectorExpm1, vectorLog, vectorLog1p, vectorSoftplus } from './math';
import { loadPart, storePart } from './lanes';

const enum Op {
  Abs, Neg, Square, Sqrt, Rsqrt, Reciprocal, Ceil, Floor, Round, Sign, Step,
  Exp, Expm1, Log, Log1p, Erf, Softplus, Relu, Relu6, LeakyRelu, ClipByValue,
}

// @ts-ignore: decorator
@inline
function apply(op: Op, x: v128, alpha: v128, beta: v128): v128 {
  const zero = f32x4.splat(0);
  if (op == Op.Abs) return f32x4.abs(x);
  if (op == Op.Neg) return f32x4.neg(x);
  if (op == Op.Square) return f32x4.mul(x, x);
  if (op == Op.Sqrt) return f32x4.sqrt(x);
  if (op == Op.Rsqrt) return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  if (op == Op.Reciprocal) return f32x4.div(f32x4.splat(1), x);
  if (op == Op.Ceil) return f32x4.ceil(x);
  if (op == Op.Floor) return f32x4.floor(x);
  if (op == Op.Round) return f32x4.nearest(x);
  if (op == Op.Exp) return vectorExp(x);
  if (op == Op.Expm1) return vectorExpm1(x);
  if (op == Op.Log) return vectorLog(x);
  if (op == Op.Log1p) return vectorLog1p(x);
  if (op == Op.Erf) return vectorErf(x);
  if (op == Op.Softplus) return vectorSoftplus(x);
  if (op == Op.Sign) {
    const positive = v128.and(f32x4.gt(x, zero), f32x4.splat(1));
    return v128.or(positive, v128.and(f32x4.lt(x, zero), f32x4.splat(-1)));
  }
  if (op == Op.Step) {
    const step = v128.bitselect(f32x4.splat(1), alpha, f32x4.gt(x, zero));
    return v128.bitselect(step, x, f32x4.eq(x, x));
  }
  // max and min carry a NaN on: a network that diverges must show it.
  if (op == Op.Relu) return f32x4.max(x, zero);
  if (op == Op.Relu6) return f32x4.min(f32x4.max(x, zero), f32x4.splat(6));
  if (op == Op.LeakyRelu) return v128.bitselect(f32x4.mul(x, alpha), x, f32x4.lt(x, zero));
  // pmin and pmax keep their first operand when it is NaN.
  if (op == Op.ClipByValue) return f32x4.pmax(f32x4.pmin(x, beta), alpha);
  return x;
}

// @ts-ignore: decorator
@inline
function loop(op: Op, x: usize, y: usize, n: i32, alpha: f32 = 0, beta: f32 = 0): void {
  const a = f32x4.splat(alpha);
  const b = f32x4.splat(beta);
  const end = x + ((<usize>n & ~3) << 2);
  while (x < end) {
    v128.store(y, apply(op, v128.load(x), a, b));
    x += 16;
    y += 16;
  }
  const rest = n & 3;
  if (rest) storePart(y, apply(op, loadPart(x, rest), a, b), rest);
}

export function abs(x: usize, y: usize, n: i32): void {
  loop(Op.Abs, x, y, n);
}

export function neg(x: usize, y: usize, n: i32): void {
  loop(Op.Neg, x, y, n);
}

export function square(x: usize, y: usize, n: i32): void {
  loop(Op.Square, x, y, n);
}

export function sqrt(x: usize, y: usize, n: i32): void {
  loop(Op.Sqrt, x, y, n);
}

export function rsqrt(x: usize, y: usize, n: i32): void {
  loop(Op.Rsqrt, x, y, n);
}

export function reciprocal(x: usize, y: usize, n: i32): void {
  loop(Op.Reciprocal, x, y, n);
}

export function ceil(x: usize, y: usize, n: i32): void {
  loop(Op.Ceil, x, y, n);
}

export function floor(x: usize, y: usize, n: i32): void {
  loop(Op.Floor, x, y, n);
}

/** Halves go to the even neighbour. */
export function round(x: usize, y: usize, n: i32): void {
  loop(Op.Round, x, y, n);
}

export function sign(x: usize, y: usize, n: i32): void {
  loop(Op.Sign, x, y, n);
}

/** 1 where x > 0, NaN where x is NaN, else alpha. */
export function step(x: usize, y: usize, n: i32, alpha: f32): void {
  loop(Op.Step, x, y, n, alpha);
}

/** From 0 over subnormal numbers to Infinity. */
export function exp(x: usize, y: usize, n: i32): void {
  loop(Op.Exp, x, y, n);
}

export function expm1(x: usize, y: usize, n: i32): void {
  loop(Op.Expm1, x, y, n);
}

export function log(x: usize, y: usize, n: i32): void {
  loop(Op.Log, x, y, n);
}

export function log1p(x: usize, y: usize, n: i32): void {
  loop(Op.Log1p, x, y, n);
}

export function erf(x: usize, y: usize, n: i32): void {
  loop(Op.Erf, x, y, n);
}

export function softplus(x: usize, y: usize, n: i32): void {
  loop(Op.Softplus, x, y, n);
}

export function relu(x: usize, y: usize, n: i32): void {
  loop(Op.Relu, x, y, n);
}

export function relu6(x: usize, y: usize, n: i32): void {
  loop(Op.Relu6, x, y, n);
}

export function leakyRelu(x: usize, y: usize, n: i32, alpha: f32): void {
  loop(Op.LeakyRelu, x, y, n, alpha);
}

/** x between alpha and beta; NaN stays NaN. */
export function clipByValue(x: usize, y: usize, n: i32, alpha: f32, beta: f32): void {
  loop(Op.ClipByValue, x, y, n, alpha, beta);
}
