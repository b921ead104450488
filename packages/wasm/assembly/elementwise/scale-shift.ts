import { multiplyAdd } from './math';
import { loadPart, storePart } from './lanes';

/**
 * y = x * scale + shift, with one scale and one shift for each column.
 * Words: x, y, scales, shifts, rows, columns, rows of a task.
 */
export function scaleShiftTask(args: usize, task: i32, _worker: i32): void {
  const scales = load<usize>(args, 8);
  const shifts = load<usize>(args, 12);
  const columns = load<i32>(args, 20);
  const whole = columns & ~3;
  const rest = columns & 3;
  let row = task * load<i32>(args, 24);
  const end = min(load<i32>(args, 16), row + load<i32>(args, 24));
  const offset = <usize>(row * columns) << 2;
  let x = load<usize>(args) + offset;
  let y = load<usize>(args, 4) + offset;
  for (; row < end; row++) {
    for (let at: usize = 0; at < <usize>whole << 2; at += 16) {
      const scaled = multiplyAdd(v128.load(x + at), v128.load(scales + at), v128.load(shifts + at));
      v128.store(y + at, scaled);
    }
    if (rest) {
      const at = <usize>whole << 2;
      const scale = loadPart(scales + at, rest);
      storePart(
        y + at, multiplyAdd(loadPart(x + at, rest), scale, loadPart(shifts + at, rest)), rest);
    }
    x += <usize>columns << 2;
    y += <usize>columns << 2;
  }
}

/**
 * The scales and shifts of a normalisation: scale / sqrt(variance + epsilon), and what takes the
 * mean away and adds the offset. `offset` and `scale` may be null.
 */
export function normFactors(
  mean: usize, variance: usize, offset: usize, scale: usize, epsilon: f64,
  scales: usize, shifts: usize, columns: i32,
): void {
  for (let at: usize = 0; at < <usize>columns << 2; at += 4) {
    const deviation = sqrt(<f64>load<f32>(variance + at) + epsilon);
    const factor = (scale ? <f64>load<f32>(scale + at) : 1.0) / deviation;
    const start = offset ? <f64>load<f32>(offset + at) : 0.0;
    store<f32>(scales + at, <f32>factor);
    store<f32>(shifts + at, <f32>(start - <f64>load<f32>(mean + at) * factor));
  }
}
