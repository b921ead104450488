// exp(x - max) / sum, row by row.
import { vectorExp } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { promoteHigh } from './accumulate';

function largest(x: usize, n: i32): f32 {
  let vector = f32x4.splat(-Infinity);
  const whole = x + ((<usize>n & ~3) << 2);
  const end = x + (<usize>n << 2);
  for (; x < whole; x += 16) vector = f32x4.max(vector, v128.load(x));
  let result = max(
    max(f32x4.extract_lane(vector, 0), f32x4.extract_lane(vector, 1)),
    max(f32x4.extract_lane(vector, 2), f32x4.extract_lane(vector, 3)));
  for (; x < end; x += 4) result = max(result, load<f32>(x));
  return result;
}

function softmaxRow(x: usize, y: usize, n: i32): void {
  const shift = f32x4.splat(largest(x, n));
  let low = f64x2.splat(0);
  let high = low;
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const at = <usize>i << 2;
    const e = vectorExp(f32x4.sub(v128.load(x + at), shift));
    v128.store(y + at, e);
    low = f64x2.add(low, f64x2.promote_low_f32x4(e));
    high = f64x2.add(high, promoteHigh(e));
  }
  low = f64x2.add(low, high);
  let total = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  const rest = n & 3;
  const tail = <usize>whole << 2;
  if (rest) {
    storePart(y + tail, vectorExp(f32x4.sub(loadPart(x + tail, rest), shift)), rest);
    for (let i = whole; i < n; i++) total += <f64>load<f32>(y + (<usize>i << 2));
  }
  const factor = f32x4.splat(<f32>(1.0 / total));
  for (let i = 0; i < whole; i += 4) {
    const at = y + (<usize>i << 2);
    v128.store(at, f32x4.mul(v128.load(at), factor));
  }
  if (rest) storePart(y + tail, f32x4.mul(loadPart(y + tail, rest), factor), rest);
}

/** Words: x, y, rows, columns, rows of a task. */
export function softmaxTask(args: usize, task: i32, _worker: i32): void {
  const columns = load<i32>(args, 12);
  let row = task * load<i32>(args, 16);
  const end = min(load<i32>(args, 8), row + load<i32>(args, 16));
  for (; row < end; row++) {
    const at = <usize>row * columns << 2;
    softmaxRow(load<usize>(args) + at, load<usize>(args, 4) + at, columns);
  }
}
