import type { Callback } from '../loop/callback.js';

/**
 * Ends training, with a checkpoint, when this call of `fit` has taken so long.
 * Counts anew after a resume.
 */
export function timeLimit(limit: { minutes: number }): Callback {
  const { minutes } = limit;
  let start = 0;
  return {
    name: 'timeLimit',
    onTrainBegin() {
      start = performance.now();
    },
    onStepEnd(_, run) {
      if (performance.now() - start >= minutes * 60_000) {
        run.stop(`timeLimit: ${minutes} minutes have passed`);
      }
    },
  };
}
