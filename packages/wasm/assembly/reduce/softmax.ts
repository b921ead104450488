// exp(x - max) / sum, row by row.
import { expShifted } from '../elementwise/exponential';
import { Reduce } from './accumulate';
import { wideRow } from './rows';

/** The largest of the values that are numbers: a NaN makes every power of its row a NaN by itself. */
function largest(x: usize, n: i32): f32 {
  // Four at a time, as each waits for the one before. Not `max`, which takes many instructions.
  let m0 = f32x4.splat(-Infinity), m1 = m0, m2 = m0, m3 = m0;
  let end = x + ((<usize>n & ~15) << 2);
  while (x < end) {
    m0 = f32x4.pmax(m0, v128.load(x)); m1 = f32x4.pmax(m1, v128.load(x, 16));
    m2 = f32x4.pmax(m2, v128.load(x, 32)); m3 = f32x4.pmax(m3, v128.load(x, 48));
    x += 64;
  }
  m0 = f32x4.pmax(f32x4.pmax(m0, m1), f32x4.pmax(m2, m3));
  end = x + ((<usize>n & 12) << 2);
  for (; x < end; x += 16) m0 = f32x4.pmax(m0, v128.load(x));
  let result = max(
    max(f32x4.extract_lane(m0, 0), f32x4.extract_lane(m0, 1)),
    max(f32x4.extract_lane(m0, 2), f32x4.extract_lane(m0, 3)));
  end = x + ((<usize>n & 3) << 2);
  for (; x < end; x += 4) {
    const value = load<f32>(x);
    if (value > result) result = value;
  }
  return result;
}

function softmaxRow(x: usize, y: usize, n: i32, constants: usize): void {
  expShifted(x, y, n, constants, largest(x, n));
  const factor = <f32>(1.0 / wideRow(Reduce.Sum, y, n));
  const vector = f32x4.splat(factor);
  const whole = y + ((<usize>n & ~3) << 2);
  const end = y + (<usize>n << 2);
  for (; y < whole; y += 16) v128.store(y, f32x4.mul(v128.load(y), vector));
  for (; y < end; y += 4) store<f32>(y, load<f32>(y) * factor);
}

/** Words: x, y, rows, columns, rows of a task, constants (of ../elementwise/exponential). */
export function softmaxTask(args: usize, task: i32, _worker: i32): void {
  const columns = load<i32>(args, 12);
  let row = task * load<i32>(args, 16);
  const end = min(load<i32>(args, 8), row + load<i32>(args, 16));
  for (; row < end; row++) {
    const at = <usize>row * columns << 2;
    softmaxRow(load<usize>(args) + at, load<usize>(args, 4) + at, columns, load<usize>(args, 20));
  }
}
