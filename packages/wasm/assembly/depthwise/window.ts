// Words of the depthwise kernels:
//   0 x (or dx)   1 filter (or its gradient)   2 y (or dy)
//   3 batch   4 height   5 width   6 channels   7 multiplier
//   8 filter height   9 filter width   10 output height   11 output width
//   12 stride y   13 stride x   14 dilation y   15 dilation x   16 padding top   17 padding left
// Arrays are [batch, height, width, channels] and [filter height, filter width, channels,
// multiplier]; output channel c * multiplier + m belongs to input channel c.

// @ts-ignore: decorator
@inline
export function word(args: usize, index: usize): i32 {
  return load<i32>(args + (index << 2));
}

/** Byte offset of a pixel's first channel. */
// @ts-ignore: decorator
@inline
export function pixel(b: i32, y: i32, x: i32, height: i32, width: i32, channels: i32): usize {
  return <usize>(((b * height + y) * width + x) * channels) << 2;
}

/** The first tap, of those `dilation` apart, that starts at `from` and does not fall before 0. */
// @ts-ignore: decorator
@inline
export function firstTap(from: i32, dilation: i32): i32 {
  return from >= 0 ? 0 : (dilation - 1 - from) / dilation;
}

/** One more than the last tap that falls before `size`. */
// @ts-ignore: decorator
@inline
export function endTap(from: i32, dilation: i32, size: i32, taps: i32): i32 {
  return from >= size ? 0 : min(taps, (size - from + dilation - 1) / dilation);
}
