// Reductions whose innermost dimension is reduced: each result comes from contiguous rows.
import {
  offsetOf, promoteHigh, Reduce, start, startWide, take, takeWide,
} from './accumulate';

/** The sum or product of n contiguous float32 values. */
// @ts-ignore: decorator
@inline
export function wideRow(op: Reduce, x: usize, n: i32): f64 {
  let t0 = startWide(op);
  let t1 = t0;
  let t2 = t0;
  let t3 = t0;
  let end = x + ((<usize>n & ~7) << 2);
  for (; x < end; x += 32) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    t0 = takeWide(op, t0, f64x2.promote_low_f32x4(a));
    t1 = takeWide(op, t1, promoteHigh(a));
    t2 = takeWide(op, t2, f64x2.promote_low_f32x4(b));
    t3 = takeWide(op, t3, promoteHigh(b));
  }
  t0 = takeWide(op, takeWide(op, t0, t1), takeWide(op, t2, t3));
  let total = op == Reduce.Sum
    ? f64x2.extract_lane(t0, 0) + f64x2.extract_lane(t0, 1)
    : f64x2.extract_lane(t0, 0) * f64x2.extract_lane(t0, 1);
  end = x + ((<usize>n & 7) << 2);
  for (; x < end; x += 4) {
    const value = <f64>load<f32>(x);
    total = op == Reduce.Sum ? total + value : total * value;
  }
  return total;
}

/** One vector of which each lane has taken in some of n contiguous values. */
// @ts-ignore: decorator
@inline
function lanesRow(op: Reduce, total: v128, x: usize, n: i32): v128 {
  let other = start(op);
  let end = x + ((<usize>n & ~7) << 2);
  for (; x < end; x += 32) {
    total = take(op, total, v128.load(x));
    other = take(op, other, v128.load(x, 16));
  }
  total = take(op, total, other);
  end = x + ((<usize>n & 7) << 2);
  for (; x < end; x += 4) {
    // A single value beside three that change nothing.
    total = take(op, total, v128.load_lane<u32>(x, start(op), 0));
  }
  return total;
}

/** The value of all four lanes together, in lane 0. */
// @ts-ignore: decorator
@inline
function acrossLanes(op: Reduce, total: v128): v128 {
  const pairs = take(op, total, v128.shuffle<i64>(total, total, 1, 0));
  return take(op, pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2));
}

// @ts-ignore: decorator
@inline
function reduce(op: Reduce, args: usize, task: i32): void {
  const x = load<usize>(args, 4);
  const scale = load<f32>(args, 12);
  const columns = load<i32>(args, 24);
  const rows = load<i32>(args, 28);
  const keptRank = load<i32>(args, 32);
  const reducedRank = load<i32>(args, 36);
  const keptSizes = args + 40;
  const keptStrides = keptSizes + (<usize>keptRank << 2);
  const reducedSizes = keptStrides + (<usize>keptRank << 2);
  const reducedStrides = reducedSizes + (<usize>reducedRank << 2);
  let result = task * load<i32>(args, 20);
  const end = min(load<i32>(args, 16), result + load<i32>(args, 20));
  let y = load<usize>(args, 8) + (<usize>result << 2);
  for (; result < end; result++, y += 4) {
    const base = x + (<usize>offsetOf(result, keptRank, keptSizes, keptStrides) << 2);
    if (op == Reduce.Sum || op == Reduce.Prod) {
      let total: f64 = op == Reduce.Sum ? 0 : 1;
      for (let r = 0; r < rows; r++) {
        const at = <usize>offsetOf(r, reducedRank, reducedSizes, reducedStrides) << 2;
        const part = wideRow(op, base + at, columns);
        total = op == Reduce.Sum ? total + part : total * part;
      }
      store<f32>(y, <f32>(total * scale));
    } else {
      let total = start(op);
      for (let r = 0; r < rows; r++) {
        const at = <usize>offsetOf(r, reducedRank, reducedSizes, reducedStrides) << 2;
        total = lanesRow(op, total, base + at, columns);
      }
      v128.store_lane<u32>(y, acrossLanes(op, total), 0);
    }
  }
}


/**
 * Words: op, x, y, scale (of sums), results, results of a task, columns (length of a row), rows (of
 * one result), kept rank, reduced rank, then kept sizes, kept strides, reduced sizes and reduced
 * strides (without the row), in elements.
 */
export function reduceRowsTask(args: usize, task: i32, _worker: i32): void {
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
