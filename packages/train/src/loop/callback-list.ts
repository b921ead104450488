import type { StateDict } from '@ae/module';
import type { CheckpointInfo } from '../checkpoint/checkpoint.js';
import type { Json } from '../checkpoint/json.js';
import type { DamagedCheckpointError } from '../checkpoint/manifest.js';
import type { Gradients } from '../optimizers/clip.js';
import type { Callback, CallbackState, StepEvent, TrainingRun } from './callback.js';
import type { EpochRecord, History } from './history.js';

/** The callbacks of a run as one: calls each in its turn and waits for it. */
export class CallbackList {
  /** @throws Error when two have the same name */
  constructor(private readonly callbacks: readonly Callback[]) {
    const names = new Set<string>();
    for (const { name } of callbacks) {
      if (names.has(name)) {
        throw new Error(
          `Two callbacks are called "${name}"; their saved states would mix. Rename one.`,
        );
      }
      names.add(name);
    }
  }

  async onTrainBegin(run: TrainingRun): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainBegin?.(run);
  }

  async onEpochBegin(run: TrainingRun): Promise<void> {
    for (const callback of this.callbacks) await callback.onEpochBegin?.(run);
  }

  async onGradients(gradients: Gradients, run: TrainingRun): Promise<void> {
    for (const callback of this.callbacks) await callback.onGradients?.(gradients, run);
  }

  async onStepEnd(event: StepEvent, run: TrainingRun): Promise<void> {
    for (const callback of this.callbacks) await callback.onStepEnd?.(event, run);
  }

  async onEpochEnd(record: EpochRecord, run: TrainingRun): Promise<void> {
    for (const callback of this.callbacks) await callback.onEpochEnd?.(record, run);
  }

  async onCheckpoint(checkpoint: CheckpointInfo, run: TrainingRun): Promise<void> {
    for (const callback of this.callbacks) await callback.onCheckpoint?.(checkpoint, run);
  }

  /** Told to the console when no callback listens. */
  async onCheckpointError(error: Error, run: TrainingRun): Promise<void> {
    const listeners = this.callbacks.filter((callback) => callback.onCheckpointError != null);
    for (const callback of listeners) await callback.onCheckpointError?.(error, run);
    if (listeners.length === 0) console.warn(error.message);
  }

  /** Told to the console when no callback listens. */
  async onDamagedCheckpoint(damage: DamagedCheckpointError, run: TrainingRun): Promise<void> {
    const listeners = this.callbacks.filter((callback) => callback.onDamagedCheckpoint != null);
    for (const callback of listeners) await callback.onDamagedCheckpoint?.(damage, run);
    if (listeners.length === 0) console.warn(`${damage.message} An older one is used.`);
  }

  async onTrainEnd(history: History, run: TrainingRun): Promise<void> {
    for (const callback of this.callbacks) await callback.onTrainEnd?.(history, run);
  }

  /** The states of all callbacks that have one: `[name, json]`, and tensors by `name/path`. */
  state(): { json: (readonly [string, Json])[]; tensors: StateDict } {
    const json: (readonly [string, Json])[] = [];
    const tensors: StateDict = new Map();
    for (const callback of this.callbacks) {
      const state = callback.state?.();
      if (state === undefined) continue;
      json.push([callback.name, state.json]);
      for (const [path, value] of state.tensors ?? [])
        tensors.set(`${callback.name}/${path}`, value);
    }
    return { json, tensors };
  }

  /** Gives each callback its state back. States of callbacks that are no longer there are left out. */
  load(json: readonly (readonly [string, Json])[], tensors: StateDict): void {
    const states = new Map(json);
    for (const callback of this.callbacks) {
      const own = states.get(callback.name);
      if (own === undefined || callback.load === undefined) continue;
      const prefix = `${callback.name}/`;
      const state: CallbackState = {
        json: own,
        tensors: new Map(
          [...tensors]
            .filter(([path]) => path.startsWith(prefix))
            .map(([path, value]) => [path.slice(prefix.length), value]),
        ),
      };
      callback.load(state);
    }
  }
}
