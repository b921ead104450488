// Reductions whose innermost dimension is kept: many rows become one.
import { loadPart, storePart } from '../elementwise/lanes';
import {
  isWide, offsetOf, promoteHigh, Reduce, start, startWide, take, takeWide,
} from './accumulate';

/** Sixteen columns, a cache line, at once. */
const COLUMNS: i32 = 16;

/** Two float64 pairs as four float32 values, times a scale. */
// @ts-ignore: decorator
@inline
function demote(low: v128, high: v128, scale: v128): v128 {
  const a = f32x4.demote_f64x2_zero(f64x2.mul(low, scale));
  const b = f32x4.demote_f64x2_zero(f64x2.mul(high, scale));
  return v128.shuffle<i64>(a, b, 0, 2);
}

// @ts-ignore: decorator
@inline
function reduce(op: Reduce, args: usize, task: i32): void {
  const columns = load<i32>(args, 24);
  const rows = load<i32>(args, 28);
  const keptRank = load<i32>(args, 32);
  const reducedRank = load<i32>(args, 36);
  const keptSizes = args + 40;
  const keptStrides = keptSizes + (<usize>keptRank << 2);
  const sizes = keptStrides + (<usize>keptRank << 2);
  const strides = sizes + (<usize>reducedRank << 2);
  const scale = f64x2.splat(<f64>load<f32>(args, 12));
  // Blocks of columns in one row of results.
  const blocks = (columns + COLUMNS - 1) / COLUMNS;
  const group = task / blocks;
  const column = (task - group * blocks) * COLUMNS;
  const width = min(COLUMNS, columns - column);
  const x = load<usize>(args, 4) +
    (<usize>(offsetOf(group, keptRank, keptSizes, keptStrides) + column) << 2);
  const y = load<usize>(args, 8) + (<usize>(group * columns + column) << 2);
  // One reduced dimension, by far the most common, needs no search for its rows.
  const step = reducedRank == 1 ? load<i32>(strides) : 0;

  if (width == COLUMNS && isWide(op)) {
    let t0 = startWide(op);
    let t1 = t0;
    let t2 = t0;
    let t3 = t0;
    let t4 = t0;
    let t5 = t0;
    let t6 = t0;
    let t7 = t0;
    for (let r = 0; r < rows; r++) {
      const row = reducedRank == 1 ? r * step : offsetOf(r, reducedRank, sizes, strides);
      const p = x + (<usize>row << 2);
      const a = v128.load(p);
      const b = v128.load(p, 16);
      const c = v128.load(p, 32);
      const d = v128.load(p, 48);
      t0 = takeWide(op, t0, f64x2.promote_low_f32x4(a));
      t1 = takeWide(op, t1, promoteHigh(a));
      t2 = takeWide(op, t2, f64x2.promote_low_f32x4(b));
      t3 = takeWide(op, t3, promoteHigh(b));
      t4 = takeWide(op, t4, f64x2.promote_low_f32x4(c));
      t5 = takeWide(op, t5, promoteHigh(c));
      t6 = takeWide(op, t6, f64x2.promote_low_f32x4(d));
      t7 = takeWide(op, t7, promoteHigh(d));
    }
    v128.store(y, demote(t0, t1, scale));
    v128.store(y, demote(t2, t3, scale), 16);
    v128.store(y, demote(t4, t5, scale), 32);
    v128.store(y, demote(t6, t7, scale), 48);
    return;
  }
  for (let c = 0; c < width; c += 4) {
    const count = width - c;
    const at = x + (<usize>c << 2);
    let low = isWide(op) ? startWide(op) : start(op);
    let high = low;
    for (let r = 0; r < rows; r++) {
      const row = reducedRank == 1 ? r * step : offsetOf(r, reducedRank, sizes, strides);
      const p = at + (<usize>row << 2);
      const v = count >= 4 ? v128.load(p) : loadPart(p, count);
      if (isWide(op)) {
        low = takeWide(op, low, f64x2.promote_low_f32x4(v));
        high = takeWide(op, high, promoteHigh(v));
      } else {
        low = take(op, low, v);
      }
    }
    const result = isWide(op) ? demote(low, high, scale) : low;
    if (count >= 4) v128.store(y + (<usize>c << 2), result);
    else storePart(y + (<usize>c << 2), result, count);
  }
}

/** Words as of reduceRowsTask, with columns kept; a task is a cache line of columns. */
export function reduceColumnsTask(args: usize, task: i32, _worker: i32): void {
  switch (load<i32>(args)) {
    case Reduce.Sum: return reduce(Reduce.Sum, args, task);
    case Reduce.Prod: return reduce(Reduce.Prod, args, task);
    case Reduce.Max: return reduce(Reduce.Max, args, task);
    case Reduce.Min: return reduce(Reduce.Min, args, task);
    case Reduce.SumInt: return reduce(Reduce.SumInt, args, task);
    case Reduce.ProdInt: return reduce(Reduce.ProdInt, args, task);
    case Reduce.MaxInt: return reduce(Reduce.MaxInt, args, task);
    case Reduce.MinInt: return reduce(Reduce.MinInt, args, task);
    default: unreachable();
  }
}
