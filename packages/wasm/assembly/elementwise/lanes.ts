// The last one to three elements of a row of 32-bit values, which a whole
// vector would read or write beyond.

// @ts-ignore: decorator
@inline
export function loadPart(pointer: usize, count: i32): v128 {
  let v = v128.load32_zero(pointer);
  if (count > 1) v = v128.load_lane<f32>(pointer, v, 1, 4);
  if (count > 2) v = v128.load_lane<f32>(pointer, v, 2, 8);
  return v;
}

// @ts-ignore: decorator
@inline
export function storePart(pointer: usize, v: v128, count: i32): void {
  v128.store_lane<f32>(pointer, v, 0);
  if (count > 1) v128.store_lane<f32>(pointer, v, 1, 4);
  if (count > 2) v128.store_lane<f32>(pointer, v, 2, 8);
}
