/** y = condition ? t : e, for 32-bit elements and conditions of one byte. */
export function select(condition: usize, t: usize, e: usize, y: usize, n: i32): void {
  const zero = i32x4.splat(0);
  let end = y + ((<usize>n & ~3) << 2);
  while (y < end) {
    const bytes = i16x8.extend_low_i8x16_u(v128.load32_zero(condition));
    const mask = i32x4.ne(i32x4.extend_low_i16x8_u(bytes), zero);
    v128.store(y, v128.bitselect(v128.load(t), v128.load(e), mask));
    condition += 4;
    t += 16;
    e += 16;
    y += 16;
  }
  end = y + ((<usize>n & 3) << 2);
  while (y < end) {
    store<i32>(y, load<u8>(condition) ? load<i32>(t) : load<i32>(e));
    condition++;
    t += 4;
    e += 4;
    y += 4;
  }
}

/** Elements of one task. */
const BLOCK: i32 = 16384;

/** Words: condition, t, e, y, n. */
export function selectTask(args: usize, task: i32, _worker: i32): void {
  const start = task * BLOCK;
  const offset = <usize>start << 2;
  select(
    load<usize>(args) + start, load<usize>(args, 4) + offset, load<usize>(args, 8) + offset,
    load<usize>(args, 12) + offset, min(load<i32>(args, 16) - start, BLOCK));
}
