// Cumulative sums and products along one axis of [outer, size, inner].

// @ts-ignore: decorator
@inline
function scan<T>(
  product: bool, x: usize, y: usize, outer: i32, size: i32, inner: i32,
  exclusive: i32, reverse: i32,
): void {
  const step = reverse ? -(<isize>inner << 2) : <isize>inner << 2;
  const first = reverse ? (<usize>(size - 1) * inner) << 2 : 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let at = ((<usize>o * size * inner + i) << 2) + first;
      let total: T = product ? <T>1 : <T>0;
      for (let k = 0; k < size; k++, at += step) {
        const value = load<T>(x + at);
        if (exclusive) store<T>(y + at, total);
        total = product ? <T>(total * value) : <T>(total + value);
        if (!exclusive) store<T>(y + at, total);
      }
    }
  }
}

export function cumulativeSum(
  x: usize, y: usize, outer: i32, size: i32, inner: i32, exclusive: i32, reverse: i32,
): void {
  scan<f32>(false, x, y, outer, size, inner, exclusive, reverse);
}

export function cumulativeProduct(
  x: usize, y: usize, outer: i32, size: i32, inner: i32, exclusive: i32, reverse: i32,
): void {
  scan<f32>(true, x, y, outer, size, inner, exclusive, reverse);
}

export function cumulativeSumInt(
  x: usize, y: usize, outer: i32, size: i32, inner: i32, exclusive: i32, reverse: i32,
): void {
  scan<i32>(false, x, y, outer, size, inner, exclusive, reverse);
}

export function cumulativeProductInt(
  x: usize, y: usize, outer: i32, size: i32, inner: i32, exclusive: i32, reverse: i32,
): void {
  scan<i32>(true, x, y, outer, size, inner, exclusive, reverse);
}
