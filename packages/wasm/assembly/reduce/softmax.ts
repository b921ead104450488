// exp(x - max) / sum, row by row.
import { expShifted } from '../elementwise/exponential';
import { Reduce } from './accumulate';
import { wideRow } from './rows';

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
