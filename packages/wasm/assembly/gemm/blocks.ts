/** Steps of k that one block of a product takes: its panels then fit the first-level cache. */
export const BLOCK_K: i32 = 384;

/** Size of the blocks when `total` is cut into as few as possible, equal ones of at most `limit`. */
export function blockSize(total: i32, limit: i32): i32 {
  const blocks = (total + limit - 1) / limit;
  return blocks ? (total + blocks - 1) / blocks : 0;
}
