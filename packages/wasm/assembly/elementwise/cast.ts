// Conversions between the types of tensors. bool is one byte, 0 or 1.

/** Towards zero, modulo 2^32 as in JavaScript; NaN and the infinities become 0. */
export function castFloatToInt(x: usize, y: usize, n: i32): void {
  const end = x + (<usize>n << 2);
  for (; x < end; x += 4, y += 4) {
    const value = load<f32>(x);
    // From 2^63 on a float is a multiple of 2^32.
    store<i32>(y, abs(value) < 9223372036854775808.0 ? <i32>(<i64>value) : 0);
  }
}

export function castIntToFloat(x: usize, y: usize, n: i32): void {
  let end = x + ((<usize>n & ~3) << 2);
  for (; x < end; x += 16, y += 16) v128.store(y, f32x4.convert_i32x4_s(v128.load(x)));
  end = x + ((<usize>n & 3) << 2);
  for (; x < end; x += 4, y += 4) store<f32>(y, <f32>load<i32>(x));
}

export function castBoolToInt(x: usize, y: usize, n: i32): void {
  const end = x + n;
  for (; x < end; x++, y += 4) store<i32>(y, <i32>load<u8>(x));
}

export function castBoolToFloat(x: usize, y: usize, n: i32): void {
  let end = x + (n & ~7);
  for (; x < end; x += 8, y += 32) {
    const bytes = v128.load8x8_u(x);
    v128.store(y, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(bytes)));
    v128.store(y, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(bytes)), 16);
  }
  end = x + (n & 7);
  for (; x < end; x++, y += 4) store<f32>(y, <f32>load<u8>(x));
}

/** NaN is true, both zeros are false. */
export function castFloatToBool(x: usize, y: usize, n: i32): void {
  const end = y + n;
  for (; y < end; x += 4, y++) store<u8>(y, <u8>(load<f32>(x) != 0));
}

export function castIntToBool(x: usize, y: usize, n: i32): void {
  const end = y + n;
  for (; y < end; x += 4, y++) store<u8>(y, <u8>(load<i32>(x) != 0));
}
