import { tile4, tile6, tileRows } from './tile';

/**
 * Runs the innermost loop of the products on operands that stay in the first-level cache (16 KiB
 * from `memory` on are used), and returns the number of floating-point operations: the speed that
 * nothing built on this loop can exceed.
 */
export function peak(memory: usize, iterations: i32): f64 {
  const k = 256;
  const b = memory + 6144;
  const c = b + 8192;
  const rows = tileRows(12);
  for (let i = 0; i < iterations; i++) {
    if (rows == 6) tile6(memory, 24, b, 32, k, c, 32, false);
    else tile4(memory, 16, b, 32, k, c, 32, false);
  }
  return 2.0 * <f64>(rows * 8 * k) * <f64>iterations;
}
