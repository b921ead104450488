import type { StateDict } from '@ae/module';
import type { Json } from '../checkpoint/json.js';
import type { Keep } from '../checkpoint/retention.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { CheckpointStore } from '../stores/store.js';
import type { VariableSource } from '../variables.js';
import type { Batch, DataSource } from './batches.js';
import type { Callback } from './callback.js';
import type { LossFunction } from './step-context.js';

/** An average of a model's weights, such as the one of `ema(model, decay)`. */
export interface WeightAverage {
  /** Takes the present weights into the average. */
  update(): void;
  /** Runs something while the model has the averaged weights. */
  apply<T>(run: () => T): T;
  stateDict(): StateDict;
  loadStateDict(state: StateDict): unknown;
}

/** When to save: by steps, minutes, epochs, or several of them. */
export interface CheckpointEvery {
  steps?: number;
  minutes?: number;
  epochs?: number;
}

/** Where, when and how long to keep checkpoints. */
export interface CheckpointOptions {
  store: CheckpointStore;
  /** A number of steps (the end of each epoch counts too); or exactly these. `{ epochs: 1 }`. */
  every?: number | CheckpointEvery;
  /** Which ones to keep; the last 3. */
  keep?: Keep;
  /** Begin a new run where another one's checkpoints are, and remove those after the first save. */
  overwrite?: boolean;
  /** Is kept with the checkpoint, to build the model again: sizes, names, options. */
  config?: Json;
}

/** Options of {@link fit}. */
export interface FitOptions<M extends VariableSource, B extends Batch> {
  /** A module, a list of variables, or variables by path. */
  model: M;
  data: DataSource<B>;
  /** The scalar to minimise, a mean over the batch; other scalars beside it are metrics. */
  loss: LossFunction<M, B>;
  optimizer: Optimizer;
  /** How many passes through the data in all, those before a resume included. */
  epochs?: number;
  /** How many optimizer steps in all, those before a resume included. */
  steps?: number;
  /** Data to evaluate after every epoch and at the end. */
  validation?: DataSource<B>;
  callbacks?: readonly Callback[];
  checkpoint?: CheckpointOptions;
  /** Go on from the newest good checkpoint of the store, if it has one. */
  resume?: boolean;
  /** What the random numbers of the run depend on; 0. */
  seed?: number;
  /** Ends training after the present step, with a checkpoint; `fit` still resolves. */
  signal?: AbortSignal;
  /**
   * Watch for tensors that steps leave behind, and warn of them once, with the
   * operation and layer; costs next to nothing. On unless NODE_ENV is `production`.
   */
  leakCheck?: boolean;
  /**
   * Run each step as one program, as `tf.function` does (see `@ae/function`): the loss function is
   * traced once for each shape of batch, and its JavaScript does not run at other steps. By default
   * where the backend makes it faster, with eager steps for what cannot be traced; `true` throws then.
   * Steps that accumulate, or show their gradients to callbacks, are never compiled.
   */
  compile?: boolean;
  /** How many batches make one optimizer step; 1. */
  accumulate?: number;
  /** Averaged weights, used for validation and saved in checkpoints: `ema(model, 0.999)` of `@ae/module`. */
  average?: WeightAverage;
}
