/** `f32x4.relaxed_madd` of three zero vectors. */
const RELAXED_MADD = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
];

/** `i8x16.splat` of zero, its result dropped. */
const SIMD = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0],
  ...[65, 0, 253, 15, 26, 11],
];

function validates(bytes: readonly number[]): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(bytes));
}

/** Whether this engine compiles 128-bit vector instructions (every engine since 2021 to 2023). */
export function hasSimd(): boolean {
  return validates(SIMD);
}

/** Whether this engine compiles relaxed SIMD, whose fused multiply-add does two operations in one. */
export function hasRelaxedSimd(): boolean {
  return validates(RELAXED_MADD);
}
