// How each reduction starts, takes in values and ends. Sums and products of float32 are kept in
// float64, so that a sum of millions of values is right to the last bit of a float32.

export const enum Reduce { Sum, Prod, Max, Min, SumInt, ProdInt, MaxInt, MinInt }

// @ts-ignore: decorator
@inline
export function isWide(op: Reduce): bool {
  return op == Reduce.Sum || op == Reduce.Prod;
}

/** Where a float64 reduction starts. */
// @ts-ignore: decorator
@inline
export function startWide(op: Reduce): v128 {
  return f64x2.splat(op == Reduce.Sum ? 0 : 1);
}

// @ts-ignore: decorator
@inline
export function takeWide(op: Reduce, total: v128, values: v128): v128 {
  return op == Reduce.Sum ? f64x2.add(total, values) : f64x2.mul(total, values);
}

/** The upper two of four float32 values, as float64. */
// @ts-ignore: decorator
@inline
export function promoteHigh(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(v, v, 1, 1));
}

// @ts-ignore: decorator
@inline
export function start(op: Reduce): v128 {
  if (op == Reduce.Max) return f32x4.splat(-Infinity);
  if (op == Reduce.Min) return f32x4.splat(Infinity);
  if (op == Reduce.ProdInt) return i32x4.splat(1);
  if (op == Reduce.MaxInt) return i32x4.splat(i32.MIN_VALUE);
  if (op == Reduce.MinInt) return i32x4.splat(i32.MAX_VALUE);
  return i32x4.splat(0);
}

/** Max and Min carry a NaN on. */
// @ts-ignore: decorator
@inline
export function take(op: Reduce, total: v128, values: v128): v128 {
  if (op == Reduce.Max) return f32x4.max(total, values);
  if (op == Reduce.Min) return f32x4.min(total, values);
  if (op == Reduce.SumInt) return i32x4.add(total, values);
  if (op == Reduce.ProdInt) return i32x4.mul(total, values);
  if (op == Reduce.MaxInt) return i32x4.max_s(total, values);
  return i32x4.min_s(total, values);
}

/** Position of a multi-dimensional index, counted in row-major order, in a strided array. */
export function offsetOf(index: i32, rank: i32, sizes: usize, strides: usize): i32 {
  let offset = 0;
  for (let d = (<isize>rank - 1) << 2; d >= 0; d -= 4) {
    const size = load<i32>(sizes + d);
    const next = index / size;
    offset += (index - next * size) * load<i32>(strides + d);
    index = next;
  }
  return offset;
}
