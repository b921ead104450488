import { philox4x32 } from './philox.js';

/** What a seed is folded with: a path, a purpose, a step or epoch number. */
export type Purpose = string | number;

const encoder = new TextEncoder();

/**
 * A new 32-bit seed made of a seed and what it is for, as JAX's `fold_in`:
 * `foldIn(seed, 'enc1/kernel')`, `foldIn(seed, 'shuffle', epoch)`.
 *
 * Equal arguments give equal seeds on every machine; `('ab', 'c')` and
 * `('a', 'bc')` differ, and so do `1` and `'1'`.
 *
 * @throws RangeError when a number is not a safe integer
 */
export function foldIn(seed: number, ...purposes: Purpose[]): number {
  const state = new Uint32Array(4);
  let key = checkedInteger(seed, 'the seed');
  let keyHigh = Math.floor(key / 2 ** 32) >>> 0;
  key >>>= 0;
  const absorb = (word0: number, word1: number, kind: number): void => {
    state[0] = state[0]! ^ word0;
    state[1] = state[1]! ^ word1;
    state[2] = state[2]! ^ kind;
    philox4x32(state, key, keyHigh, state);
  };
  for (const purpose of purposes) {
    if (typeof purpose === 'number') {
      const value = checkedInteger(purpose, 'a purpose');
      absorb(value >>> 0, Math.floor(value / 2 ** 32) >>> 0, 1);
      continue;
    }
    const bytes = encoder.encode(purpose);
    absorb(bytes.length, 0, 2);
    for (let i = 0; i < bytes.length; i += 4) {
      const word =
        bytes[i]! |
        ((bytes[i + 1] ?? 0) << 8) |
        ((bytes[i + 2] ?? 0) << 16) |
        ((bytes[i + 3] ?? 0) << 24);
      absorb(word >>> 0, 0, 3);
    }
    keyHigh = (keyHigh + 1) >>> 0;
  }
  absorb(purposes.length, 0, 4);
  return state[0]!;
}

function checkedInteger(value: number, what: string): number {
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`foldIn: ${what} must be an integer, not ${value}`);
}
