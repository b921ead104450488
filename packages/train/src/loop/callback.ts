import type { StateDict } from '@ae/module';
import type { CheckpointInfo } from '../checkpoint/checkpoint.js';
import type { Json } from '../checkpoint/json.js';
import type { DamagedCheckpointError } from '../checkpoint/manifest.js';
import type { Gradients } from '../optimizers/clip.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { VariableSource } from '../variables.js';
import type { EpochRecord, History } from './history.js';

/** What one optimizer step gave. */
export interface StepEvent {
  /** How many steps were taken, this one included. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** The mean over the examples of this step, before the step changed the weights. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** How many examples the step used. */
  readonly examples: number;
  readonly learningRate: number;
}

/** The run as callbacks see it. */
export interface TrainingRun {
  readonly model: VariableSource;
  readonly optimizer: Optimizer;
  readonly seed: number;
  /** Optimizer steps taken. */
  readonly step: number;
  /** The present epoch, counted from 0. */
  readonly epoch: number;
  /** True when the run goes on from a checkpoint. */
  readonly resumed: boolean;
  /** How many steps the whole run will have, where that is known. */
  readonly totalSteps: number | undefined;
  /** Ends training after the present step; the reason stands in the history. */
  stop(reason: string): void;
  /** Saves a checkpoint after the present step, if the run has a store. */
  requestCheckpoint(): void;
}

/** What a callback remembers between steps, to be saved in checkpoints. */
export interface CallbackState {
  readonly json: Json;
  readonly tensors?: StateDict;
}

/**
 * Something that watches or steers training. Every method may be left out and
 * may be async. An error that it throws ends training.
 */
export interface Callback {
  /** Unique among the callbacks of a run; needed to save a state. */
  readonly name: string;
  onTrainBegin?(run: TrainingRun): void | Promise<void>;
  onEpochBegin?(run: TrainingRun): void | Promise<void>;
  /** Between the gradients and the step along them. The tensors are `fit`'s. */
  onGradients?(gradients: Gradients, run: TrainingRun): void | Promise<void>;
  onStepEnd?(event: StepEvent, run: TrainingRun): void | Promise<void>;
  onEpochEnd?(record: EpochRecord, run: TrainingRun): void | Promise<void>;
  /** After a checkpoint was written whole. */
  onCheckpoint?(checkpoint: CheckpointInfo, run: TrainingRun): void | Promise<void>;
  /** When a checkpoint could not be saved. Training goes on; older checkpoints are untouched. */
  onCheckpointError?(error: Error, run: TrainingRun): void | Promise<void>;
  /** When a newer checkpoint had to be left out on the way to a good one. It is not removed. */
  onDamagedCheckpoint?(damage: DamagedCheckpointError, run: TrainingRun): void | Promise<void>;
  /** Also when training ends by an error or abort. */
  onTrainEnd?(history: History, run: TrainingRun): void | Promise<void>;
  /** What to save; called between steps. */
  state?(): CallbackState;
  /** Takes over what `state` gave; called before `onTrainBegin`. */
  load?(state: CallbackState): void;
}
