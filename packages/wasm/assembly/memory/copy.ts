// Copies between strided arrays: transposition, slices, concatenation, padding, tiling, reversal.

// @ts-ignore: decorator
@inline
function loop<T>(
  to: usize, toRow: isize, toColumn: isize, from: usize, fromRow: isize, fromColumn: isize,
  rows: i32, columns: i32,
): void {
  for (let r = 0; r < rows; r++, to += toRow, from += fromRow) {
    let q = to;
    let p = from;
    for (let c = 0; c < columns; c++, q += toColumn, p += fromColumn) store<T>(q, load<T>(p));
  }
}

/** Bytes from one place to another; calling the host's copy pays from some hundred on. */
export function copyBytes(to: usize, from: usize, bytes: usize): void {
  if (bytes >= 512) {
    memory.copy(to, from, bytes);
    return;
  }
  let end = from + (bytes & ~15);
  for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
  end = from + (bytes & 12);
  for (; from < end; from += 4, to += 4) store<u32>(to, load<u32>(from));
  end = from + (bytes & 3);
  for (; from < end; from++, to++) store<u8>(to, load<u8>(from));
}

/** 32-bit elements whose rows lie along the columns of the source, in squares of 4. */
function transpose(
  to: usize, toRow: isize, from: usize, fromColumn: isize, rows: i32, columns: i32,
): void {
  const wholeRows = rows & ~3;
  const wholeColumns = columns & ~3;
  // Four squares of rows at a time use up each cache line of the source.
  for (let r0 = 0; r0 < wholeRows; r0 += 16) {
    const r1 = min(r0 + 16, wholeRows);
    for (let c = 0; c < wholeColumns; c += 4) {
      for (let r = r0; r < r1; r += 4) {
        const p = from + (<usize>r << 2) + <isize>c * fromColumn;
        const q = to + <isize>r * toRow + (<usize>c << 2);
        const a = v128.load(p);
        const b = v128.load(p + fromColumn);
        const d = v128.load(p + 2 * fromColumn);
        const e = v128.load(p + 3 * fromColumn);
        const ab0 = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
        const ab1 = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
        const de0 = v128.shuffle<i32>(d, e, 0, 4, 1, 5);
        const de1 = v128.shuffle<i32>(d, e, 2, 6, 3, 7);
        v128.store(q, v128.shuffle<i64>(ab0, de0, 0, 2));
        v128.store(q + toRow, v128.shuffle<i64>(ab0, de0, 1, 3));
        v128.store(q + 2 * toRow, v128.shuffle<i64>(ab1, de1, 0, 2));
        v128.store(q + 3 * toRow, v128.shuffle<i64>(ab1, de1, 1, 3));
      }
    }
  }
  const right = <usize>wholeColumns;
  loop<u32>(
    to + (right << 2), toRow, 4, from + right * fromColumn, 4, fromColumn, wholeRows, columns & 3);
  const below = <usize>wholeRows;
  loop<u32>(to + below * toRow, toRow, 4, from + (below << 2), 4, fromColumn, rows & 3, columns);
}

function copyRows(
  shift: i32, to: usize, toRow: isize, toColumn: isize,
  from: usize, fromRow: isize, fromColumn: isize, rows: i32, columns: i32,
): void {
  const unit = <isize>1 << shift;
  if (toColumn == unit && fromColumn == unit) {
    const bytes = <usize>columns << shift;
    for (let r = 0; r < rows; r++, to += toRow, from += fromRow) copyBytes(to, from, bytes);
  } else if (shift == 2) {
    if (toColumn == 4 && fromRow == 4) transpose(to, toRow, from, fromColumn, rows, columns);
    else loop<u32>(to, toRow, toColumn, from, fromRow, fromColumn, rows, columns);
  } else if (shift == 0) {
    loop<u8>(to, toRow, toColumn, from, fromRow, fromColumn, rows, columns);
  } else {
    loop<u64>(to, toRow, toColumn, from, fromRow, fromColumn, rows, columns);
  }
}

/**
 * Words: shift (log2 of an element's bytes), to, from, rows, rows of a task, rank (>= 2), then rank
 * sizes, rank strides of `to` and rank strides of `from`, in elements. A row is the last dimension;
 * `rows` counts those of all the others.
 */
export function copyTask(args: usize, task: i32, _worker: i32): void {
  const shift = load<i32>(args);
  const to = load<usize>(args, 4);
  const from = load<usize>(args, 8);
  const rank = load<i32>(args, 20);
  const sizes = args + 24;
  const toStrides = sizes + (<usize>rank << 2);
  const fromStrides = toStrides + (<usize>rank << 2);
  const last = <isize>(rank - 1) << 2;
  const columns = load<i32>(sizes + last);
  const height = load<i32>(sizes + last - 4);

  let row = task * load<i32>(args, 16);
  const end = min(load<i32>(args, 12), row + load<i32>(args, 16));
  while (row < end) {
    let outer = row / height;
    const first = row - outer * height;
    const count = min(height - first, end - row);
    let toAt = <isize>first * load<i32>(toStrides + last - 4);
    let fromAt = <isize>first * load<i32>(fromStrides + last - 4);
    for (let d = last - 8; d >= 0; d -= 4) {
      const size = load<i32>(sizes + d);
      const next = outer / size;
      const index = outer - next * size;
      toAt += <isize>index * load<i32>(toStrides + d);
      fromAt += <isize>index * load<i32>(fromStrides + d);
      outer = next;
    }
    copyRows(
      shift,
      to + (toAt << shift),
      <isize>load<i32>(toStrides + last - 4) << shift,
      <isize>load<i32>(toStrides + last) << shift,
      from + (fromAt << shift),
      <isize>load<i32>(fromStrides + last - 4) << shift,
      <isize>load<i32>(fromStrides + last) << shift,
      count, columns);
    row += count;
  }
}
