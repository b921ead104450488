import { foldIn } from './fold-in.js';

interface RandomStep {
  readonly seed: number;
  readonly step: number;
  readonly uses: Map<string, number>;
}

let current: RandomStep | undefined;

/**
 * Runs a training step, in which everything random (a dropout mask, the noise of
 * a variational code) depends on `seed`, on `step` and on the name of its user
 * only: the same step gives the same numbers again, also after a restart.
 *
 * `run` must be synchronous: what it awaits would run outside of the step.
 */
export function withStep<T>(seed: number, step: number, run: () => T): T {
  const outer = current;
  current = { seed, step, uses: new Map() };
  try {
    return run();
  } finally {
    current = outer;
  }
}

/**
 * The seed that `user` (a path, as `encoder/dropout`) draws with in the current
 * step. A second call for the same user in the same step gives another seed, so
 * that a layer used twice has two masks. `undefined` outside of {@link withStep}.
 */
export function stepSeed(user: string): number | undefined {
  if (!current) return undefined;
  const use = current.uses.get(user) ?? 0;
  current.uses.set(user, use + 1);
  return foldIn(current.seed, user, current.step, use);
}
