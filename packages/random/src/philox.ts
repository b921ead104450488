// Bound here because looking up a global costs much where tests run, in a VM context.
const { floor, imul } = Math;

/** High 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const cross1 = aHigh * bLow + (low >>> 16);
  const cross2 = aLow * bHigh + (cross1 & 0xffff);
  // The sums stay below 2^33, so plain numbers hold them exactly.
  return (aHigh * bHigh + floor(cross1 / 65536) + floor(cross2 / 65536)) >>> 0;
}

/**
 * Philox 4x32 with 10 rounds: four random 32-bit words for a 128-bit counter
 * and a 64-bit key, without any state.
 *
 * Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3"
 * (SC 2011); also the generator of TensorFlow and PyTorch.
 *
 * @param counter four unsigned words; not changed
 * @param key0 the first unsigned word of the key
 * @param key1 the second
 * @param out receives four unsigned words, and may be `counter` itself
 */
export function philox4x32(
  counter: ArrayLike<number>,
  key0: number,
  key1: number,
  out: Uint32Array,
): void {
  let c0 = counter[0]!;
  let c1 = counter[1]!;
  let c2 = counter[2]!;
  let c3 = counter[3]!;
  let k0 = key0 >>> 0;
  let k1 = key1 >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(0xd2511f53, c0);
    const low0 = imul(0xd2511f53, c0) >>> 0;
    const high1 = multiplyHigh(0xcd9e8d57, c2);
    const low1 = imul(0xcd9e8d57, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}
