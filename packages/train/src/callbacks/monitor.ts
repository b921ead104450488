import { type EpochRecord, numbersOf } from '../loop/history.js';

/** Which number of an epoch to watch, and what counts as better. */
export interface MonitorOptions {
  /**
   * `loss`, a metric's name, or either with `validation/` before it. By default
   * `validation/loss`, or `loss` in runs without validation.
   */
  monitor?: string;
  /** Whether small or large numbers are good; `min`. */
  mode?: 'min' | 'max';
  /** How much better a number must be to count; 0. */
  minDelta?: number;
}

/** Finds the watched number and remembers the best one. */
export class Monitor {
  best: number | undefined;
  /** The epoch of the best number. */
  bestEpoch: number | undefined;
  /** Epochs since the best one. */
  waited = 0;

  constructor(private readonly options: MonitorOptions) {}

  /** @returns whether this epoch is the best so far */
  update(record: EpochRecord): boolean {
    const { mode = 'min', minDelta = 0 } = this.options;
    const value = this.value(record);
    const sign = mode === 'min' ? 1 : -1;
    // NaN is never better.
    const better =
      this.best === undefined ? !Number.isNaN(value) : sign * (this.best - value) > minDelta;
    this.waited = better ? 0 : this.waited + 1;
    if (better) {
      this.best = value;
      this.bestEpoch = record.epoch;
    }
    return better;
  }

  state(): { best: number | null; bestEpoch: number | null; waited: number } {
    const { best = null, bestEpoch = null, waited } = this;
    return { best, bestEpoch, waited };
  }

  load(state: ReturnType<Monitor['state']>): void {
    this.best = state.best ?? undefined;
    this.bestEpoch = state.bestEpoch ?? undefined;
    this.waited = state.waited;
  }

  private value(record: EpochRecord): number {
    const numbers = numbersOf(record);
    const name =
      this.options.monitor ?? ('validation/loss' in numbers ? 'validation/loss' : 'loss');
    const value = numbers[name];
    if (value !== undefined) return value;
    throw new Error(
      `There is no "${name}" to watch. An epoch of this run has: ${Object.keys(numbers).join(', ')}.`,
    );
  }
}
