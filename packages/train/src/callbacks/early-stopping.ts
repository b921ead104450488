import type { StateDict } from '@ae/module';
import type { Callback } from '../loop/callback.js';
import { loadVariables, readVariables } from '../variables.js';
import { Monitor, type MonitorOptions } from './monitor.js';

/** Options of {@link earlyStopping}. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** How many epochs may pass without a better one; 3. */
  patience?: number;
  /** Give the model the weights of the best epoch when training ends; true. */
  restoreBest?: boolean;
}

/**
 * Ends training when the validation loss (or another number) no longer gets
 * better. The best weights are part of checkpoints, so a resumed run still has them.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): Callback {
  const { patience = 3, restoreBest = true } = options;
  const monitor = new Monitor(options);
  let bestWeights: StateDict | undefined;
  return {
    name: 'earlyStopping',
    onEpochEnd(record, run) {
      const better = monitor.update(record);
      if (better && restoreBest) bestWeights = readVariables(run.model);
      if (monitor.waited < patience) return;
      const best = monitor.bestEpoch === undefined ? 'no epoch' : `epoch ${monitor.bestEpoch}`;
      run.stop(`earlyStopping: ${best} was the best for ${patience} epochs`);
    },
    onTrainEnd(history, run) {
      const ended = history.stopReason !== 'aborted' && history.stopReason !== 'failed';
      // Partial: the model may have made layers since.
      if (ended && bestWeights !== undefined) {
        loadVariables(run.model, bestWeights, { partial: true });
      }
    },
    state: () => ({
      json: monitor.state(),
      ...(bestWeights === undefined ? {} : { tensors: bestWeights }),
    }),
    load({ json, tensors }) {
      monitor.load(json as ReturnType<Monitor['state']>);
      bestWeights = tensors !== undefined && tensors.size > 0 ? tensors : undefined;
    },
  };
}
