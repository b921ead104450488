import { philox4x32 } from './philox.js';

/**
 * The numbers `0 .. length - 1` in an order that depends on `seed` and `length`
 * only (Fisher and Yates; every order is equally likely).
 *
 * @throws RangeError when `length` is not an integer from 0 to 2^32 - 1
 */
export function permutation(seed: number, length: number): Uint32Array {
  if (!Number.isInteger(length) || length < 0 || length > 0xffffffff) {
    throw new RangeError(`permutation: the length must be 0 .. 2^32 - 1, not ${length}`);
  }
  const order = Uint32Array.from({ length }, (_, index) => index);
  const draw = words(seed);
  for (let last = length - 1; last > 0; last--) {
    const other = below(last + 1, draw);
    const kept = order[last]!;
    order[last] = order[other]!;
    order[other] = kept;
  }
  return order;
}

/** The endless sequence of random words of a seed. */
function words(seed: number): () => number {
  const counter = new Uint32Array(4);
  const block = new Uint32Array(4);
  let used = 4;
  return () => {
    if (used === 4) {
      philox4x32(counter, seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, block);
      counter[0] = counter[0]! + 1;
      used = 0;
    }
    return block[used++]!;
  };
}

/** A number in `[0, bound)` without the bias of a plain remainder. */
function below(bound: number, draw: () => number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const word = draw();
    if (word < limit) return word % bound;
  }
}
