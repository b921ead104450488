// Long sums in two steps, so that threads can share one: chunks of rows, whose extent depends on
// the shape alone, are summed in float64; then the chunks' sums are added in order.
import { promoteHigh, Reduce } from './accumulate';
import { wideRow } from './rows';

/** Adds rows of float32 to float64 totals. */
function addRows(x: usize, totals: usize, rows: i32, columns: i32): void {
  const whole = columns & ~3;
  for (let c = 0; c < whole; c += 4) {
    let low = f64x2.splat(0);
    let high = low;
    let p = x + (<usize>c << 2);
    for (let r = 0; r < rows; r++, p += <usize>columns << 2) {
      const v = v128.load(p);
      low = f64x2.add(low, f64x2.promote_low_f32x4(v));
      high = f64x2.add(high, promoteHigh(v));
    }
    v128.store(totals + (<usize>c << 3), low);
    v128.store(totals + (<usize>c << 3), high, 16);
  }
  for (let c = whole; c < columns; c++) {
    let total: f64 = 0;
    let p = x + (<usize>c << 2);
    for (let r = 0; r < rows; r++, p += <usize>columns << 2) total += <f64>load<f32>(p);
    store<f64>(totals + (<usize>c << 3), total);
  }
}

/** Words: x, totals (float64 [chunks, columns]), rows, columns, rows of a chunk. */
export function sumChunksTask(args: usize, task: i32, _worker: i32): void {
  const columns = load<i32>(args, 12);
  const height = load<i32>(args, 16);
  const first = task * height;
  const rows = min(height, load<i32>(args, 8) - first);
  const x = load<usize>(args) + (<usize>first * columns << 2);
  const totals = load<usize>(args, 4) + (<usize>task * columns << 3);
  if (columns == 1) store<f64>(totals, wideRow(Reduce.Sum, x, rows));
  else addRows(x, totals, rows, columns);
}

/** y = scale times the sum of the chunks' totals. */
export function addChunks(totals: usize, chunks: i32, columns: i32, y: usize, scale: f64): void {
  for (let c = 0; c < columns; c++) {
    let total: f64 = 0;
    let p = totals + (<usize>c << 3);
    for (let i = 0; i < chunks; i++, p += <usize>columns << 3) total += load<f64>(p);
    store<f32>(y + (<usize>c << 2), <f32>(total * scale));
  }
}
