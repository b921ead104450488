import type { Callback } from '../loop/callback.js';
import { Monitor, type MonitorOptions } from './monitor.js';

/** Options of {@link reduceOnPlateau}. */
export interface ReduceOnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied with; 0.1. */
  factor?: number;
  /** How many epochs may pass without a better one; 3. */
  patience?: number;
  /** The learning rate is not made smaller than this; 0. */
  smallest?: number;
}

/** Lowers the learning rate when the validation loss (or another number) no longer gets better. */
export function reduceOnPlateau(options: ReduceOnPlateauOptions = {}): Callback {
  const { factor = 0.1, patience = 3, smallest = 0 } = options;
  if (!(factor > 0 && factor < 1)) {
    throw new RangeError(`reduceOnPlateau: the factor must lie between 0 and 1, not ${factor}.`);
  }
  const monitor = new Monitor(options);
  return {
    name: 'reduceOnPlateau',
    onEpochEnd(record, { optimizer }) {
      monitor.update(record);
      if (monitor.waited < patience) return;
      monitor.waited = 0;
      const { learningRate } = optimizer;
      // The scale is part of the optimizer's state, so a resumed run keeps it.
      if (learningRate > smallest) {
        optimizer.learningRateScale *= Math.max(factor, smallest / learningRate);
      }
    },
    state: () => ({ json: monitor.state() }),
    load({ json }) {
      monitor.load(json as ReturnType<Monitor['state']>);
    },
  };
}
