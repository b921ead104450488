import { noteDrawn } from './observe-draws.js';
import { philox4x32 } from './philox.js';

/**
 * Calls `use(index, words)` for each block of four random words, block `index`
 * of the endless sequence that belongs to `seed`.
 */
function eachBlock(
  seed: number,
  blocks: number,
  use: (index: number, words: Uint32Array) => void,
): void {
  const counter = new Uint32Array(4);
  const words = new Uint32Array(4);
  for (let index = 0; index < blocks; index++) {
    counter[0] = index;
    philox4x32(counter, seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, words);
    use(index, words);
  }
}

/** 24 random bits as a float32 in [0, 1): every value is exact. */
const toUnit = (word: number): number => (word >>> 8) * 2 ** -24;

/**
 * Fills `out` with uniform numbers in `[low, high)`. Element `i` depends on
 * `seed` and `i` only, not on the length of `out`.
 */
export function fillUniform(seed: number, out: Float32Array, low = 0, high = 1): Float32Array {
  eachBlock(seed, Math.ceil(out.length / 4), (index, words) => {
    for (let lane = 0; lane < 4 && index * 4 + lane < out.length; lane++) {
      out[index * 4 + lane] = low + toUnit(words[lane]!) * (high - low);
    }
  });
  return noteDrawn(out);
}

/**
 * Fills `out` with normal numbers (Box and Muller, 1958). Element `i` depends
 * on `seed` and `i` only, not on the length of `out`.
 */
export function fillNormal(
  seed: number,
  out: Float32Array,
  mean = 0,
  standardDeviation = 1,
): Float32Array {
  eachBlock(seed, Math.ceil(out.length / 4), (index, words) => {
    for (let pair = 0; pair < 4; pair += 2) {
      // 1 - u lies in (0, 1], so that the logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - toUnit(words[pair]!)));
      const angle = 2 * Math.PI * toUnit(words[pair + 1]!);
      const at = index * 4 + pair;
      if (at < out.length) out[at] = mean + standardDeviation * radius * Math.cos(angle);
      if (at + 1 < out.length) out[at + 1] = mean + standardDeviation * radius * Math.sin(angle);
    }
  });
  return noteDrawn(out);
}
