// a^b as JavaScript's Math.pow has it, in float64 and then rounded to float32.
import { multiply } from './binary';

/** log2 of a positive finite number. */
// @ts-ignore: decorator
@inline
function log2(a: f64): f64 {
  // a = m * 2^e with m in [sqrt(1/2), sqrt(2)); log(m) = 2 artanh(s).
  const bits = reinterpret<i64>(a);
  const e = (bits - 0x3fe6a09e667f3bcd) >> 52;
  const m = reinterpret<f64>(bits - (e << 52));
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p = 1.0 / 17;
  p = p * z + 1.0 / 15;
  p = p * z + 1.0 / 13;
  p = p * z + 1.0 / 11;
  p = p * z + 1.0 / 9;
  p = p * z + 1.0 / 7;
  p = p * z + 1.0 / 5;
  p = p * z + 1.0 / 3;
  return <f64>e + 2.8853900817779268 * (s + s * z * p);
}

/** 2^y for |y| <= 200. */
// @ts-ignore: decorator
@inline
function exp2(y: f64): f64 {
  const n = nearest(y);
  const r = (y - n) * 0.6931471805599453;
  let p = 1.0 / 39916800;
  p = p * r + 1.0 / 3628800;
  p = p * r + 1.0 / 362880;
  p = p * r + 1.0 / 40320;
  p = p * r + 1.0 / 5040;
  p = p * r + 1.0 / 720;
  p = p * r + 1.0 / 120;
  p = p * r + 1.0 / 24;
  p = p * r + 1.0 / 6;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * reinterpret<f64>((<i64>n + 1023) << 52);
}

function power(a: f32, b: f32): f32 {
  if (b == 0) return 1;
  const size = <f64>abs(a);
  let result: f64;
  if (size == 0 || size == Infinity) {
    result = (size == 0) == (b > 0) ? 0 : Infinity;
    if (b != b) return NaN;
  } else {
    // 1 to the power of an infinity is NaN here: 0 * Infinity.
    result = exp2(max(-200.0, min(200.0, <f64>b * log2(size))));
  }
  if (a < 0 || (a == 0 && reinterpret<i32>(a) < 0)) {
    const isInteger = trunc(b) == b;
    if (!isInteger && a != 0 && size != Infinity) return NaN;
    // From 2^24 on every float is even.
    const isOdd = isInteger && abs(b) < 16777216 && (<i32>b & 1) != 0;
    if (isOdd) result = -result;
  }
  return a != a ? NaN : <f32>result;
}

/** Rows and steps as in ./binary. */
export function pow(
  a: usize, aStep: i32, aRow: usize, b: usize, bStep: i32, bRow: usize,
  y: usize, rows: i32, n: i32,
): void {
  for (let r = 0; r < rows; r++, a += aRow, b += bRow, y += <usize>n << 2) {
    if (!bStep && load<f32>(b) == 2) {
      multiply(a, aStep, 0, a, aStep, 0, y, 1, n);
      continue;
    }
    for (let i: usize = 0; i < <usize>n << 2; i += 4) {
      store<f32>(y + i, power(load<f32>(a + i * aStep), load<f32>(b + i * bStep)));
    }
  }
}
