import type { CheckpointInfo } from './checkpoint.js';

/** Which checkpoints to keep. Each rule keeps some; what none keeps is removed. */
export interface Keep {
  /** The newest so many; 1 at least. */
  last?: number;
  /** The best so many by `metric`. */
  best?: number;
  /** The metric for `best`; `validation/loss`, or `loss` for runs without validation. */
  metric?: string;
  /** Whether a small or a large metric is good. */
  mode?: 'min' | 'max';
  /** One for at least every so many steps. */
  everySteps?: number;
  /** One for at least every so many minutes. */
  everyMinutes?: number;
}

/** The checkpoints that a rule or a pin keeps, as names. */
export function kept(checkpoints: readonly CheckpointInfo[], keep: Keep): Set<string> {
  const { last = 1, best = 0, everySteps, everyMinutes } = keep;
  const oldestFirst = [...checkpoints].sort((a, b) => a.sequence - b.sequence);
  const chosen = [
    ...oldestFirst.filter((checkpoint) => checkpoint.pinned),
    ...oldestFirst.slice(-Math.max(1, last)),
    ...bestFirst(oldestFirst, keep).slice(0, best),
  ];
  if (everySteps !== undefined) chosen.push(...spaced(oldestFirst, everySteps, ({ step }) => step));
  if (everyMinutes !== undefined) {
    const minute = ({ savedAt }: CheckpointInfo): number => Date.parse(savedAt) / 60_000;
    chosen.push(...spaced(oldestFirst, everyMinutes, minute));
  }
  return new Set(chosen.map(({ name }) => name));
}

/** Those that have the metric, the best first; of equal ones the older. */
export function bestFirst(
  checkpoints: readonly CheckpointInfo[],
  { metric, mode = 'min' }: Pick<Keep, 'metric' | 'mode'>,
): CheckpointInfo[] {
  const name = metric ?? defaultMetric(checkpoints);
  const sign = mode === 'min' ? 1 : -1;
  const value = (checkpoint: CheckpointInfo): number =>
    sign * (checkpoint.metrics[name] ?? Number.NaN);
  return checkpoints
    .filter((checkpoint) => !Number.isNaN(value(checkpoint)))
    .sort((a, b) => value(a) - value(b) || a.sequence - b.sequence);
}

function defaultMetric(checkpoints: readonly CheckpointInfo[]): string {
  const validated = checkpoints.some(({ metrics }) => 'validation/loss' in metrics);
  return validated ? 'validation/loss' : 'loss';
}

/** The first, and then each that lies at least `distance` after the one chosen before. */
function spaced(
  oldestFirst: readonly CheckpointInfo[],
  distance: number,
  position: (checkpoint: CheckpointInfo) => number,
): CheckpointInfo[] {
  let next = Number.NEGATIVE_INFINITY;
  return oldestFirst.filter((checkpoint) => {
    if (position(checkpoint) < next) return false;
    next = position(checkpoint) + distance;
    return true;
  });
}
