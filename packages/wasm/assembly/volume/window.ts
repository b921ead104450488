// Windows that slide over [batch, depth, height, width, channels]; images are volumes of depth 1.
// Words, behind three pointers of the kernel's own:
//   3 batch   4, 5, 6 input depth, height, width   7 channels
//   8, 9, 10 output depth, height, width   11, 12, 13 filter depth, height, width
//   14, 15, 16 strides   17, 18, 19 dilations   20, 21, 22 padding in front, above, left
//   23 output channels

// @ts-ignore: decorator
@inline
export function word(args: usize, index: usize): i32 {
  return load<i32>(args + (index << 2));
}

/** Position along one axis of the input that tap `tap` of output `at` meets; may lie outside. */
// @ts-ignore: decorator
@inline
export function inputAt(args: usize, axis: usize, at: i32, tap: i32): i32 {
  return at * word(args, 14 + axis) + tap * word(args, 17 + axis) - word(args, 20 + axis);
}

/** Output along one axis whose tap `tap` meets input `at`, or -1. */
// @ts-ignore: decorator
@inline
export function outputAt(args: usize, axis: usize, at: i32, tap: i32): i32 {
  const from = at + word(args, 20 + axis) - tap * word(args, 17 + axis);
  const stride = word(args, 14 + axis);
  const out = from / stride;
  return from >= 0 && out * stride == from && out < word(args, 8 + axis) ? out : -1;
}

/** Byte offset of the first channel of an input voxel. */
// @ts-ignore: decorator
@inline
export function inputVoxel(args: usize, b: i32, z: i32, y: i32, x: i32): usize {
  const row = (b * word(args, 4) + z) * word(args, 5) + y;
  return <usize>((row * word(args, 6) + x) * word(args, 7)) << 2;
}

/** The same of an output voxel with `channels` channels. */
// @ts-ignore: decorator
@inline
export function outputVoxel(args: usize, b: i32, z: i32, y: i32, x: i32, channels: i32): usize {
  const row = (b * word(args, 8) + z) * word(args, 9) + y;
  return <usize>((row * word(args, 10) + x) * channels) << 2;
}
