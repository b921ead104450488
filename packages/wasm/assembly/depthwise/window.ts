// Words of the depthwise kernels:
//   0 x (or dx)   4 filter (or its gradient)   8 y (or dy)
//   12 batch  16 height  20 width  24 channels  28 multiplier
//   32 filter height  36 filter width  40 output height  44 output width
//   48 stride y  52 stride x  56 dilation y  60 dilation x  64 padding top  68 padding left
// Arrays are [batch, height, width, channels] and [filter height, filter width, channels,
// multiplier]; output channel c * multiplier + m belongs to input channel c.

// @ts-ignore: decorator
@inline
export function word(args: usize, index: usize): i32 {
  return load<i32>(args + (index << 2));
}

/** Offset in elements of a pixel's first channel. */
// @ts-ignore: decorator
@inline
export function pixel(b: i32, y: i32, x: i32, height: i32, width: i32, channels: i32): usize {
  return <usize>((b * height + y) * width + x) * channels;
}
