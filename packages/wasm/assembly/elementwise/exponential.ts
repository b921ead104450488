// Activations around e^x, the elementwise work that training spends most on.
//
// Their constants come from memory, loaded once before the loop: V8 builds a
// literal vector anew wherever a loop mentions it, which halves the speed.
//
// Memory map of the constants (f32 each), written once by `writeConstants`:
//   0 lowest t   4 log2(e)   8 rounder   12 -ln(2)
//   16 ... 32 the polynomial, from r^6 down to r^2
//   36 1   40 scale of SELU   44 scale * alpha of SELU   48 2   52, 56 -ln(2) in two parts
import { multiplyAdd } from './math';
import { loadPart, storePart } from './lanes';

const enum Op { Elu, Selu, Sigmoid, Tanh, ExpShifted }

/** Fills the 60 bytes at `constants`. */
export function writeConstants(constants: usize): void {
  store<f32>(constants, -88);
  store<f32>(constants, 1.44269504088896341, 4);
  // 1.5 * 2^23: adding it rounds to an integer, whose bits are then the low bits of the sum.
  store<f32>(constants, 12582912.0, 8);
  store<f32>(constants, -0.693147180559945, 12);
  store<f32>(constants, 1.394644845e-3, 16);
  store<f32>(constants, 8.366581984e-3, 20);
  store<f32>(constants, 4.166628048e-2, 24);
  store<f32>(constants, 1.666654348e-1, 28);
  store<f32>(constants, 0.5, 32);
  store<f32>(constants, 1, 36);
  store<f32>(constants, 1.0507009873554805, 40);
  store<f32>(constants, 1.7580993408473768, 44);
  store<f32>(constants, 2, 48);
  // The first part has so few bits that its product with a whole number is exact.
  store<f32>(constants, -0.693359375, 52);
  store<f32>(constants, 2.12194440e-4, 56);
}

/** Whether a result is made of e^t itself, and not of e^t - 1. */
// @ts-ignore: decorator
@inline
function isPower(op: Op): bool {
  return op == Op.Sigmoid || op == Op.ExpShifted;
}

/**
 * For t <= 0, e^t = 2^n * (1 + p), with n = round(t / ln 2) and p = e^r - 1 by a polynomial in
 * r = t - n ln 2 (minimax, relative error 1.4e-8). Beside -1 it does not count what one float
 * lacks of ln 2, as that is shrunk by 2^n; by itself the power needs both parts. Below -87.7 the
 * power and with it the result become 0.
 */
// @ts-ignore: decorator
@inline
function apply(
  op: Op, v: v128, lowest: v128, log2e: v128, rounder: v128, ln2: v128,
  c6: v128, c5: v128, c4: v128, c3: v128, c2: v128,
  one: v128, scale: v128, scaleAlpha: v128, two: v128, shift: v128, ln2Low: v128,
): v128 {
  let t = v;
  if (op == Op.ExpShifted) t = f32x4.sub(v, shift);
  if (op == Op.Sigmoid) t = f32x4.neg(f32x4.abs(v));
  if (op == Op.Tanh) t = f32x4.mul(f32x4.abs(v), f32x4.neg(two));
  // pmax keeps a NaN in its first operand.
  t = f32x4.pmax(t, lowest);
  const shifted = multiplyAdd(t, log2e, rounder);
  const whole = f32x4.sub(shifted, rounder);
  let r = multiplyAdd(whole, ln2, t);
  if (isPower(op)) r = multiplyAdd(whole, ln2Low, r);
  let p = multiplyAdd(c6, r, c5);
  p = multiplyAdd(p, r, c4);
  p = multiplyAdd(p, r, c3);
  p = multiplyAdd(p, r, c2);
  p = multiplyAdd(p, f32x4.mul(r, r), r);
  // The bits of 1 hold the bias of the exponent.
  const power = i32x4.add(i32x4.shl(shifted, 23), one);
  if (op == Op.ExpShifted) return multiplyAdd(p, power, power);
  if (op == Op.Sigmoid) {
    const e = multiplyAdd(p, power, power);
    const numerator = v128.bitselect(one, e, f32x4.ge(v, f32x4.splat(0)));
    return f32x4.div(numerator, f32x4.add(one, e));
  }
  const e = multiplyAdd(p, power, f32x4.sub(power, one));
  if (op == Op.Elu) return v128.bitselect(v, e, f32x4.ge(v, f32x4.splat(0)));
  if (op == Op.Selu) {
    const positive = f32x4.ge(v, f32x4.splat(0));
    return v128.bitselect(f32x4.mul(v, scale), f32x4.mul(e, scaleAlpha), positive);
  }
  const magnitude = f32x4.div(f32x4.neg(e), f32x4.add(e, two));
  return v128.bitselect(v, magnitude, i32x4.splat(0x80000000));
}

// @ts-ignore: decorator
@inline
function loop(op: Op, x: usize, y: usize, n: i32, constants: usize, shift: f32 = 0): void {
  const lowest = v128.load32_splat(constants);
  const log2e = v128.load32_splat(constants, 4);
  const rounder = v128.load32_splat(constants, 8);
  const ln2 = v128.load32_splat(constants + (isPower(op) ? 52 : 12));
  const ln2Low = v128.load32_splat(constants, 56);
  const c6 = v128.load32_splat(constants, 16);
  const c5 = v128.load32_splat(constants, 20);
  const c4 = v128.load32_splat(constants, 24);
  const c3 = v128.load32_splat(constants, 28);
  const c2 = v128.load32_splat(constants, 32);
  const one = v128.load32_splat(constants, 36);
  const scale = v128.load32_splat(constants, 40);
  const scaleAlpha = v128.load32_splat(constants, 44);
  const two = v128.load32_splat(constants, 48);
  const difference = f32x4.splat(shift);
  const end = x + ((<usize>n & ~3) << 2);
  while (x < end) {
    const v = v128.load(x);
    v128.store(y, apply(
      op, v, lowest, log2e, rounder, ln2, c6, c5, c4, c3, c2, one, scale, scaleAlpha, two,
      difference, ln2Low));
    x += 16;
    y += 16;
  }
  const rest = n & 3;
  if (!rest) return;
  const v = loadPart(x, rest);
  storePart(y, apply(
    op, v, lowest, log2e, rounder, ln2, c6, c5, c4, c3, c2, one, scale, scaleAlpha, two,
    difference, ln2Low), rest);
}

/** y = x where x >= 0, else e^x - 1, without cancellation near 0. */
export function elu(x: usize, y: usize, n: i32, constants: usize): void {
  loop(Op.Elu, x, y, n, constants);
}

export function selu(x: usize, y: usize, n: i32, constants: usize): void {
  loop(Op.Selu, x, y, n, constants);
}

/** y = 1 / (1 + e^-x) */
export function sigmoid(x: usize, y: usize, n: i32, constants: usize): void {
  loop(Op.Sigmoid, x, y, n, constants);
}

export function tanh(x: usize, y: usize, n: i32, constants: usize): void {
  loop(Op.Tanh, x, y, n, constants);
}

/** y = e^(x - shift), for x <= shift. */
export function expShifted(x: usize, y: usize, n: i32, constants: usize, shift: f32): void {
  loop(Op.ExpShifted, x, y, n, constants, shift);
}
