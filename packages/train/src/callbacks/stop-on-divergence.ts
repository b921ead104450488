import type { Callback } from '../loop/callback.js';

/** Thrown by {@link stopOnDivergence}. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  constructor(
    /** How many steps were taken. */
    readonly step: number,
    /** The smoothed loss. */
    readonly loss: number,
    /** The best smoothed loss before. */
    readonly best: number,
  ) {
    super(
      `Training diverged: after step ${step} the smoothed loss is ${loss.toPrecision(4)}, ` +
        `and it was ${best.toPrecision(4)} at its best. Try a smaller learning rate, a warm-up or clipping.`,
    );
  }
}

/**
 * Ends training with an error when the loss, smoothed over some steps, has grown to
 * many times the best it was. (NaN and infinity always end training.)
 *
 * @param options.factor how many times; 10
 * @param options.smoothing how much of the smoothed loss each step keeps; 0.9
 * @throws DivergenceError
 */
export function stopOnDivergence(options: { factor?: number; smoothing?: number } = {}): Callback {
  const { factor = 10, smoothing = 0.9 } = options;
  let smoothed: number | undefined;
  let best = Number.POSITIVE_INFINITY;
  return {
    name: 'stopOnDivergence',
    onStepEnd({ loss, step }) {
      smoothed = smoothed === undefined ? loss : smoothing * smoothed + (1 - smoothing) * loss;
      best = Math.min(best, smoothed);
      // A loss may be negative; then no factor says anything.
      if (best > 0 && smoothed > factor * best) throw new DivergenceError(step, smoothed, best);
    },
    state: () => ({ json: { smoothed: smoothed ?? null, best } }),
    load({ json }) {
      const state = json as { smoothed: number | null; best: number };
      smoothed = state.smoothed ?? undefined;
      best = state.best;
    },
  };
}
