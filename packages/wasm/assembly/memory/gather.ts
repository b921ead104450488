import { copyBytes } from './copy';

/**
 * result[b, o, k] = x[b, o, indices[b, k]], each element a slice of `bytes` bytes.
 * Returns -1, or the position of the first index outside of x, before anything is written.
 */
export function gather(
  x: usize, indices: usize, result: usize,
  batches: i32, outer: i32, size: i32, count: i32, bytes: usize,
): i32 {
  const total = batches * count;
  for (let i = 0; i < total; i++) {
    if (load<u32>(indices + (<usize>i << 2)) >= <u32>size) return i;
  }
  for (let b = 0; b < batches; b++) {
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < count; k++) {
        const index = load<i32>(indices + (<usize>k << 2));
        copyBytes(result, x + <usize>index * bytes, bytes);
        result += bytes;
      }
      x += <usize>size * bytes;
    }
    indices += <usize>count << 2;
  }
  return -1;
}
