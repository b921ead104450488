// Vector forms of the functions that activations and losses are made of.
// Each is accurate to about 2 units in the last place. Polynomials: logf of
// Cephes; erf of Abramowitz & Stegun 7.1.26; e^r - 1 a minimax fit of our own.

/** a * b + c, in one rounding where the build has relaxed SIMD. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** 1.5 * 2^23: adding it rounds to an integer, whose bits are then the low mantissa bits. */
// @ts-ignore: decorator
@inline
const ROUNDER: f32 = 12582912.0;

// @ts-ignore: decorator
@inline
const LOG2_E: f32 = 1.44269504088896341;
// @ts-ignore: decorator
@inline
const LN2_HIGH: f32 = 0.693359375;
// @ts-ignore: decorator
@inline
const LN2_LOW: f32 = -2.12194440e-4;

/** e^r - 1 for |r| <= ln(2) / 2, relative error 1.4e-8. */
// @ts-ignore: decorator
@inline
function expm1Reduced(r: v128): v128 {
  let p = multiplyAdd(f32x4.splat(1.394644845e-3), r, f32x4.splat(8.366581984e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.166628048e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.666654348e-1));
  p = multiplyAdd(p, r, f32x4.splat(0.5));
  return multiplyAdd(p, f32x4.mul(r, r), r);
}

/** x - n * ln(2), in two parts so that no bit of x is lost. */
// @ts-ignore: decorator
@inline
function reduce(x: v128, n: v128): v128 {
  return multiplyAdd(
    n, f32x4.splat(-LN2_LOW), multiplyAdd(n, f32x4.splat(-LN2_HIGH), x));
}

/** e^x, from 0 over subnormal numbers to Infinity; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function vectorExp(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const shifted = f32x4.add(f32x4.mul(clamped, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
  const p = expm1Reduced(reduce(clamped, f32x4.sub(shifted, f32x4.splat(ROUNDER))));
  // 2^n in two factors, because 2^128 and 2^-149 have no float of their own.
  const n = i32x4.sub(shifted, f32x4.splat(ROUNDER));
  const half = i32x4.shr_s(n, 1);
  const low = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const high = i32x4.shl(i32x4.add(i32x4.sub(n, half), i32x4.splat(127)), 23);
  return f32x4.mul(multiplyAdd(p, low, low), high);
}

/** e^x - 1, without cancellation near 0. */
// @ts-ignore: decorator
@inline
export function vectorExpm1(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-25));
  const shifted = f32x4.add(f32x4.mul(clamped, f32x4.splat(LOG2_E)), f32x4.splat(ROUNDER));
  const p = expm1Reduced(reduce(clamped, f32x4.sub(shifted, f32x4.splat(ROUNDER))));
  // Half of 2^n, as 2^128 is not a float.
  const scale = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(126 << 23));
  const half = multiplyAdd(p, scale, f32x4.sub(scale, f32x4.splat(0.5)));
  return f32x4.add(half, half);
}

/** Natural logarithm: NaN below 0, -Infinity at 0. */
// @ts-ignore: decorator
@inline
export function vectorLog(x: v128): v128 {
  const subnormal = f32x4.lt(x, f32x4.splat(1.1754943508e-38));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, subnormal);
  // x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
  const exponent = i32x4.shr_s(i32x4.sub(normal, i32x4.splat(0x3f3504f3)), 23);
  const m = i32x4.sub(normal, i32x4.shl(exponent, 23));
  const e = f32x4.convert_i32x4_s(
    i32x4.sub(exponent, v128.and(subnormal, i32x4.splat(23))));
  const f = f32x4.sub(m, f32x4.splat(1));
  const z = f32x4.mul(f, f);
  let p = f32x4.splat(7.0376836292e-2);
  p = multiplyAdd(p, f, f32x4.splat(-1.1514610310e-1));
  p = multiplyAdd(p, f, f32x4.splat(1.1676998740e-1));
  p = multiplyAdd(p, f, f32x4.splat(-1.2420140846e-1));
  p = multiplyAdd(p, f, f32x4.splat(1.4249322787e-1));
  p = multiplyAdd(p, f, f32x4.splat(-1.6668057665e-1));
  p = multiplyAdd(p, f, f32x4.splat(2.0000714765e-1));
  p = multiplyAdd(p, f, f32x4.splat(-2.4999993993e-1));
  p = multiplyAdd(p, f, f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, f), z);
  y = multiplyAdd(e, f32x4.splat(LN2_LOW), y);
  y = multiplyAdd(z, f32x4.splat(-0.5), y);
  let result = f32x4.add(f, y);
  result = multiplyAdd(e, f32x4.splat(LN2_HIGH), result);
  // Infinity and NaN stay as they are; 0 and the negative numbers have their own values.
  result = v128.bitselect(result, x, f32x4.lt(x, f32x4.splat(Infinity)));
  result = v128.bitselect(f32x4.splat(NaN), result, f32x4.lt(x, f32x4.splat(0)));
  return v128.bitselect(f32x4.splat(-Infinity), result, f32x4.eq(x, f32x4.splat(0)));
}

/** vectorLog(1 + x), without cancellation near 0. */
// @ts-ignore: decorator
@inline
export function vectorLog1p(x: v128): v128 {
  const u = f32x4.add(x, f32x4.splat(1));
  const lost = f32x4.sub(x, f32x4.sub(u, f32x4.splat(1)));
  const corrected = f32x4.add(vectorLog(u), f32x4.div(lost, u));
  // At -1 and at Infinity the correction is not a number.
  const exact = v128.or(f32x4.eq(u, f32x4.splat(0)), f32x4.eq(u, f32x4.splat(Infinity)));
  return v128.bitselect(vectorLog(u), corrected, exact);
}

// @ts-ignore: decorator
@inline
export function copySign(magnitude: v128, sign: v128): v128 {
  return v128.bitselect(sign, magnitude, i32x4.splat(0x80000000));
}

/** vectorLog(1 + e^x), also where e^x overflows. */
// @ts-ignore: decorator
@inline
export function vectorSoftplus(x: v128): v128 {
  const rest = vectorLog1p(vectorExp(f32x4.neg(f32x4.abs(x))));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), rest);
}

/** The approximation that tfjs defines: absolute error below 1.5e-7. */
// @ts-ignore: decorator
@inline
export function vectorErf(x: v128): v128 {
  const one = f32x4.splat(1);
  const v = f32x4.abs(x);
  const t = f32x4.div(one, multiplyAdd(v, f32x4.splat(0.3275911), one));
  let p = f32x4.splat(1.061405429);
  p = multiplyAdd(p, t, f32x4.splat(-1.453152027));
  p = multiplyAdd(p, t, f32x4.splat(1.421413741));
  p = multiplyAdd(p, t, f32x4.splat(-0.284496736));
  p = multiplyAdd(p, t, f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(p, t), vectorExp(f32x4.neg(f32x4.mul(v, v))));
  return copySign(f32x4.sub(one, tail), x);
}
