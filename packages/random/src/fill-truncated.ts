import { fillUniform } from './fill.js';

/** The share of a standard normal below -2. */
const BELOW_MINUS_2 = 0.022750131948179195;

/**
 * Fills `out` with normal numbers that lie within two standard deviations of the
 * mean (`standardDeviation` is that of the normal before it is cut). Element `i`
 * depends on `seed` and `i` only, not on the length of `out`.
 */
export function fillTruncatedNormal(
  seed: number,
  out: Float32Array,
  mean = 0,
  standardDeviation = 1,
): Float32Array {
  fillUniform(seed, out);
  for (let i = 0; i < out.length; i++) {
    const share = BELOW_MINUS_2 + out[i]! * (1 - 2 * BELOW_MINUS_2);
    out[i] = mean + standardDeviation * normalQuantile(share);
  }
  return out;
}

/**
 * The number that a standard normal stays below with the given probability, by
 * P. J. Acklam's rational approximation (relative error below 1.2e-9). Good for
 * probabilities from 1e-3 on, which is all that is needed here.
 */
function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(probability));
    return (
      (((((-7.784894002430293e-3 * q - 0.3223964580411365) * q - 2.400758277161838) * q -
        2.549732539343734) *
        q +
        4.374664141464968) *
        q +
        2.938163982698783) /
      ((((7.784695709041462e-3 * q + 0.3224671290700398) * q + 2.445134137142996) * q +
        3.754408661907416) *
        q +
        1)
    );
  }
  const q = probability - 0.5;
  const r = q * q;
  return (
    ((((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r +
      138.357751867269) *
      r -
      30.66479806614716) *
      r +
      2.506628277459239) *
      q) /
    (((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r +
      66.80131188771972) *
      r -
      13.28068155288572) *
      r +
      1)
  );
}
