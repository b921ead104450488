// @ts-ignore: decorator
@inline
function add(x: usize, y: usize, n: i32): void {
  const end = x + ((<usize>n & ~3) << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  const last = x + ((<usize>n & 3) << 2);
  for (; x < last; x += 4, y += 4) store<f32>(y, load<f32>(y) + load<f32>(x));
}

/** Columns of one task: a cache line, so that no two threads write to the same one. */
const COLUMNS: i32 = 16;

/**
 * result[s] = the sum of the rows of x whose id is s; ids outside of the segments are left out.
 * Words: x, ids, result, rows, columns, segments.
 */
export function segmentSumTask(args: usize, task: i32, _worker: i32): void {
  const rows = load<i32>(args, 12);
  const columns = load<i32>(args, 16);
  const segments = load<i32>(args, 20);
  const first = task * COLUMNS;
  const width = min(COLUMNS, columns - first);
  const result = load<usize>(args, 8) + (<usize>first << 2);
  const stride = <usize>columns << 2;
  for (let s = 0; s < segments; s++) {
    memory.fill(result + <usize>s * stride, 0, <usize>width << 2);
  }
  let ids = load<usize>(args, 4);
  let x = load<usize>(args) + (<usize>first << 2);
  for (let r = 0; r < rows; r++, ids += 4, x += stride) {
    const id = load<u32>(ids);
    if (id < <u32>segments) add(x, result + <usize>id * stride, width);
  }
}
