/** Writes `value` to `count` float32 elements from `output` on. */
export function fillFloat32(output: usize, value: f32, count: i32): void {
  const end = output + (<usize>count << 2);
  const vector = f32x4.splat(value);
  while (output + 16 <= end) {
    v128.store(output, vector);
    output += 16;
  }
  while (output < end) {
    store<f32>(output, value);
    output += 4;
  }
}

export function fillInt32(output: usize, value: i32, count: i32): void {
  fillFloat32(output, reinterpret<f32>(value), count);
}

export function fillBytes(output: usize, value: i32, count: i32): void {
  memory.fill(output, <u8>value, count);
}
