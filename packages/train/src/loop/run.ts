import type { StateDict } from '@ae/module';
import type { Checkpoint, CheckpointContent } from '../checkpoint/checkpoint.js';
import { Saver } from '../checkpoint/saver.js';
import { evaluate } from '../evaluate.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { loadVariables, readVariables, type VariableSource } from '../variables.js';
import type { Batch } from './batches.js';
import type { TrainingRun } from './callback.js';
import { CallbackList } from './callback-list.js';
import { checkOptions } from './check-options.js';
import type { Evaluation, History } from './history.js';
import { LeakCheck } from './leak-check.js';
import type { FitOptions } from './options.js';
import { Progress } from './progress.js';
import { decodeRunState, encodeRunState } from './run-state.js';
import type { StepResult } from './step.js';

/** One run of `fit`: how far it is, when it ends, what it tells and what it saves. */
export class Run<M extends VariableSource, B extends Batch> implements TrainingRun {
  resumed = false;
  readonly seed: number;
  readonly callbacks: CallbackList;
  private readonly progress = new Progress();
  private readonly saver: Saver | undefined;
  private readonly leakCheck: LeakCheck | undefined;
  private stopReason: string | undefined;
  private begun = false;
  /** Until `finish` has run: what ends training before is an error. */
  private failed = true;
  /** Whether the loss was computed, so that all layers are made. */
  private built = false;

  /** @throws Error when the options make no sense */
  constructor(private readonly options: FitOptions<M, B>) {
    checkOptions(options);
    this.seed = options.seed ?? 0;
    this.callbacks = new CallbackList(options.callbacks ?? []);
    const { leakCheck = globalThis.process?.env.NODE_ENV !== 'production' } = options;
    if (leakCheck) this.leakCheck = new LeakCheck((message) => console.warn(message));
    if (options.checkpoint !== undefined) {
      this.saver = new Saver(options.checkpoint, {
        saved: (info) => this.callbacks.onCheckpoint(info, this),
        failed: (error) => this.callbacks.onCheckpointError(error, this),
        damaged: (damage) => this.callbacks.onDamagedCheckpoint(damage, this),
      });
    }
  }

  get model(): M {
    return this.options.model;
  }

  get optimizer(): Optimizer {
    return this.options.optimizer;
  }

  get step(): number {
    return this.progress.step;
  }

  get epoch(): number {
    return this.progress.epoch;
  }

  /** How many batches of the present epoch were used. */
  get batch(): number {
    return this.progress.batch;
  }

  get totalSteps(): number | undefined {
    const { data, epochs, steps, accumulate = 1 } = this.options;
    const perEpoch = 'batches' in data ? data.batchesPerEpoch : undefined;
    if (epochs === undefined || perEpoch === undefined) return steps;
    return Math.min(steps ?? Number.POSITIVE_INFINITY, epochs * Math.ceil(perEpoch / accumulate));
  }

  get aborted(): boolean {
    return this.options.signal?.aborted === true;
  }

  /** Whether a checkpoint is being written in the background. */
  get isSaving(): boolean {
    return this.saver?.isBusy === true;
  }

  get ended(): boolean {
    const { steps = Number.POSITIVE_INFINITY, epochs = Number.POSITIVE_INFINITY } = this.options;
    return (
      this.aborted || this.stopReason !== undefined || this.step >= steps || this.epoch >= epochs
    );
  }

  stop(reason: string): void {
    this.stopReason ??= reason;
  }

  requestCheckpoint(): void {
    if (this.saver !== undefined) this.saver.requested = true;
  }

  /** Takes over a checkpoint, if that is wanted and there is one. */
  async begin(): Promise<void> {
    const found = await this.saver?.open(this.options.resume ?? false);
    if (found !== undefined) this.restore(found);
    await this.callbacks.onTrainBegin(this);
    this.begun = true;
  }

  async stepTaken(result: Omit<StepResult, 'gradients'> & { learningRate: number }): Promise<void> {
    this.leakCheck?.afterStep();
    this.built = true;
    this.progress.takeStep(result);
    const { loss, metrics, examples, learningRate } = result;
    const { step, epoch } = this;
    await this.callbacks.onStepEnd({ step, epoch, loss, metrics, examples, learningRate }, this);
  }

  async epochTaken(): Promise<void> {
    if (this.batch === 0) {
      throw new Error(
        `The data gave no batch in epoch ${this.epoch}. An iterator that was used up cannot be ` +
          'used again: give an array, a dataset, or a function that makes new batches for each epoch.',
      );
    }
    await this.validate();
    await this.callbacks.onEpochEnd(this.progress.endEpoch(), this);
    this.progress.beginNextEpoch();
  }

  async saveIfDue(): Promise<void> {
    if (this.saver?.isDue(this.progress) === true) await this.save(this.saver);
  }

  /** What is left to do when training has ended well: a last checkpoint and validation. */
  async finish(): Promise<History> {
    if (this.saver?.isSaved(this.progress) === false) await this.save(this.saver);
    if (this.batch > 0 && !this.aborted) await this.validate();
    await this.saver?.assertSaved();
    this.failed = false;
    return this.history();
  }

  /** Frees what the run holds, also after an error. */
  async end(): Promise<void> {
    try {
      await this.saver?.settled();
      if (this.begun) await this.callbacks.onTrainEnd(this.history(), this);
    } finally {
      this.leakCheck?.stop();
      this.optimizer.offload();
    }
  }

  private history(): History {
    const { epochs, step, validation } = this.progress;
    const { loss, metrics } = this.progress.latest();
    const ended = this.stopReason ?? (this.aborted ? 'aborted' : 'complete');
    return {
      epochs: [...epochs],
      step,
      loss,
      metrics,
      ...(validation === undefined ? {} : { validation }),
      stopReason: this.failed ? 'failed' : ended,
    };
  }

  private async validate(): Promise<void> {
    const { model, loss, validation: data, average } = this.options;
    if (data === undefined) return;
    const measure = (): Promise<Evaluation> => evaluate({ model, data, loss, seed: this.seed });
    // An average takes the place of variables that are there: the first loss may still make some.
    if (!this.built && average !== undefined) await measure();
    this.progress.validation = await (average?.apply(measure) ?? measure());
  }

  private async save(saver: Saver): Promise<void> {
    await saver.save(() => this.content(), this.progress, this.progress.numbers());
  }

  private content(): CheckpointContent {
    const { optimizer, average, model, checkpoint } = this.options;
    const { slots, ...scalars } = optimizer.state();
    const callbacks = this.callbacks.state();
    return {
      tensors: {
        weights: readVariables(model),
        optimizer: slots,
        ...(average === undefined ? {} : { average: average.stateDict() }),
        ...(callbacks.tensors.size === 0 ? {} : { callbacks: callbacks.tensors }),
      },
      state: encodeRunState({
        ...this.progress.state(),
        seed: this.seed,
        optimizer: scalars,
        callbacks: callbacks.json,
        config: checkpoint?.config,
      }),
    };
  }

  private restore({ info, tensors, state: json }: Checkpoint): void {
    const state = decodeRunState(json);
    if (state.seed !== this.seed) {
      throw new Error(
        `The checkpoint "${info.name}" was made with seed ${state.seed}, not ${this.seed}. ` +
          'Resume with the seed that the run began with.',
      );
    }
    const { model, optimizer, average } = this.options;
    const none: StateDict = new Map();
    loadVariables(model, tensors.weights ?? none);
    optimizer.load({ ...state.optimizer, slots: tensors.optimizer ?? none });
    average?.loadStateDict(tensors.average ?? none);
    this.callbacks.load(state.callbacks, tensors.callbacks ?? none);
    this.progress.load(state);
    this.resumed = true;
  }
}
