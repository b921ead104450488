import type { StateDict } from '@ae/module';
import type { CheckpointContent } from '../checkpoint/checkpoint.js';
import type { DamagedCheckpointError } from '../checkpoint/manifest.js';
import { Saver } from '../checkpoint/saver.js';
import { evaluate } from '../evaluate.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { loadVariables, readVariables, type VariableSource } from '../variables.js';
import type { Batch } from './batches.js';
import type { StepEvent, TrainingRun } from './callback.js';
import { CallbackList } from './callback-list.js';
import type { EpochRecord, Evaluation, History } from './history.js';
import { LeakCheck } from './leak-check.js';
import { Means } from './mean.js';
import type { FitOptions } from './options.js';
import { decodeRunState, encodeRunState } from './run-state.js';
import type { StepResult } from './step.js';

/** Where a run of `fit` stands: everything that a checkpoint holds, and when to save one. */
export class Run<M extends VariableSource, B extends Batch> implements TrainingRun {
  step = 0;
  epoch = 0;
  /** How many batches of the present epoch were used. */
  batch = 0;
  resumed = false;
  readonly seed: number;
  readonly callbacks: CallbackList;
  private id: string = crypto.randomUUID();
  private epochs: EpochRecord[] = [];
  private readonly means = new Means();
  private validation: Evaluation | undefined;
  private stopReason: string | undefined;
  private readonly saver: Saver | undefined;
  private saved = { step: -1, epoch: -1 };
  private readonly leakCheck: LeakCheck | undefined;
  private epochEnded = false;
  private begun = false;
  /** Until `finish` has run: what ends training before is an error. */
  private failed = true;
  /** Whether the loss was computed, so that all layers are made. */
  private built = false;

  constructor(private readonly options: FitOptions<M, B>) {
    this.seed = options.seed ?? 0;
    assertOptions(options);
    this.callbacks = new CallbackList(options.callbacks ?? []);
    const { leakCheck = globalThis.process?.env.NODE_ENV !== 'production' } = options;
    if (leakCheck) this.leakCheck = new LeakCheck((message) => console.warn(message));
    if (options.checkpoint !== undefined) {
      this.saver = new Saver(
        options.checkpoint,
        (info) => this.callbacks.onCheckpoint(info, this),
        (error) => this.callbacks.onCheckpointError(error, this),
      );
    }
  }

  get model(): M {
    return this.options.model;
  }

  get optimizer(): Optimizer {
    return this.options.optimizer;
  }

  get totalSteps(): number | undefined {
    const { data, epochs, steps, accumulate = 1 } = this.options;
    const known = 'batches' in data ? data.batchesPerEpoch : undefined;
    const byEpochs =
      epochs === undefined || known === undefined
        ? undefined
        : epochs * Math.ceil(known / accumulate);
    if (steps === undefined) return byEpochs;
    return Math.min(steps, byEpochs ?? steps);
  }

  get aborted(): boolean {
    return this.options.signal?.aborted === true;
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

  async begin(): Promise<void> {
    await this.resume();
    await this.callbacks.onTrainBegin(this);
    this.begun = true;
  }

  async stepTaken(result: Omit<StepResult, 'gradients'> & { learningRate: number }): Promise<void> {
    const { loss, metrics, examples, learningRate } = result;
    this.leakCheck?.afterStep();
    this.step++;
    this.built = true;
    this.batch += result.batches;
    this.epochEnded = false;
    this.means.update({ loss, ...metrics }, examples);
    const event: StepEvent = {
      step: this.step,
      epoch: this.epoch,
      loss,
      metrics,
      examples,
      learningRate,
    };
    await this.callbacks.onStepEnd(event, this);
  }

  async epochTaken(): Promise<void> {
    if (this.batch === 0) {
      throw new Error(
        `The data gave no batch in epoch ${this.epoch}. An iterator that was used up cannot be ` +
          'used again: give an array, a dataset, or a function that makes new batches for each epoch.',
      );
    }
    await this.validate();
    const { epoch, step, validation } = this;
    const record: EpochRecord = {
      epoch,
      step,
      ...this.evaluation(),
      ...(validation === undefined ? {} : { validation }),
    };
    this.epochs.push(record);
    await this.callbacks.onEpochEnd(record, this);
    this.epoch++;
    this.batch = 0;
    this.means.reset();
    this.epochEnded = true;
  }

  async saveIfDue(): Promise<void> {
    if (this.isSaved()) return;
    if (this.saver?.isDue(this.step, this.epoch, this.epochEnded) === true) await this.save();
  }

  /** What is left to do when training has ended well: a last validation and checkpoint. */
  async finish(): Promise<History> {
    if (this.saver !== undefined && !this.isSaved()) await this.save();
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

  history(): History {
    const { epochs, step, validation } = this;
    const last = epochs.at(-1);
    const current = this.batch > 0 || last === undefined ? this.evaluation() : last;
    return {
      epochs: [...epochs],
      step,
      loss: current.loss,
      metrics: current.metrics,
      ...(validation === undefined ? {} : { validation }),
      stopReason: this.failed
        ? 'failed'
        : (this.stopReason ?? (this.aborted ? 'aborted' : 'complete')),
    };
  }

  private async validate(): Promise<void> {
    const { model, loss, validation: data, average } = this.options;
    if (data === undefined) return;
    const measure = (): Promise<Evaluation> => evaluate({ model, data, loss, seed: this.seed });
    // An average takes the place of variables that are there: the first loss may still make some.
    if (!this.built && average !== undefined) await measure();
    this.validation = await (average?.apply(measure) ?? measure());
  }

  /** The means over the present epoch. */
  private evaluation(): Evaluation {
    const { loss = Number.NaN, ...metrics } = this.means.results();
    return { loss, metrics };
  }

  private isSaved(): boolean {
    return this.saved.step === this.step && this.saved.epoch === this.epoch;
  }

  private async save(): Promise<void> {
    const { step, epoch, id: run } = this;
    const metrics = this.checkpointMetrics();
    const { overwrite: replaceOthers = false } = this.options.checkpoint!;
    this.saved = { step, epoch };
    await this.saver!.save(() => this.content(), { run, step, epoch, metrics, replaceOthers });
  }

  /** Of the epoch that just ended, or of the one under way. */
  private checkpointMetrics(): Record<string, number> {
    const ended = this.epochEnded ? this.epochs.at(-1) : undefined;
    const current = ended ?? this.evaluation();
    const metrics: Record<string, number> = { loss: current.loss, ...current.metrics };
    if (ended?.validation !== undefined) {
      const { loss, metrics: others } = ended.validation;
      for (const [name, value] of Object.entries({ loss, ...others })) {
        metrics[`validation/${name}`] = value;
      }
    }
    return metrics;
  }

  private content(): CheckpointContent {
    const { optimizer, average, model, checkpoint } = this.options;
    const { slots, ...scalars } = optimizer.state();
    const callbacks = this.callbacks.state();
    const { step, epoch, batch, seed, epochs, validation } = this;
    return {
      tensors: {
        weights: readVariables(model),
        optimizer: slots,
        ...(average === undefined ? {} : { average: average.stateDict() }),
        ...(callbacks.tensors.size === 0 ? {} : { callbacks: callbacks.tensors }),
      },
      state: encodeRunState({
        step,
        epoch,
        batch,
        seed,
        epochs,
        validation,
        means: this.means.state(),
        optimizer: scalars,
        callbacks: callbacks.json,
        config: checkpoint?.config,
      }),
    };
  }

  private async resume(): Promise<void> {
    if (this.saver === undefined) return;
    const { resume = false, checkpoint, model, optimizer, average } = this.options;
    const { checkpoints } = this.saver;
    if (!resume) {
      const { checkpoints: present } = await checkpoints.list();
      if (present.length > 0 && checkpoint!.overwrite !== true) {
        throw new Error(
          `${checkpoints.store.description} holds the checkpoints of another run (the newest of step ` +
            `${present[0]!.step}). Pass \`resume: true\` to go on with it, \`checkpoint.overwrite: true\` ` +
            'to replace it, or use another store.',
        );
      }
      return;
    }
    const damages: DamagedCheckpointError[] = [];
    const found = await checkpoints.latest((damage) => damages.push(damage));
    for (const damage of damages) await this.callbacks.onDamagedCheckpoint(damage, this);
    if (found === undefined) return;
    const none: StateDict = new Map();
    const { tensors } = found;
    const state = decodeRunState(found.state);
    if (state.seed !== this.seed) {
      throw new Error(
        `The checkpoint "${found.info.name}" was made with seed ${state.seed}, not ${this.seed}. ` +
          'Resume with the seed that the run began with.',
      );
    }
    loadVariables(model, tensors.weights ?? none);
    optimizer.load({ ...state.optimizer, slots: tensors.optimizer ?? none });
    average?.loadStateDict(tensors.average ?? none);
    this.callbacks.load(state.callbacks, tensors.callbacks ?? none);
    this.means.load(state.means);
    this.id = found.info.run;
    this.step = state.step;
    this.epoch = state.epoch;
    this.batch = state.batch;
    this.epochs = [...state.epochs];
    this.validation = state.validation;
    this.epochEnded = state.batch === 0;
    this.saved = { step: state.step, epoch: state.epoch };
    this.resumed = true;
  }
}

function assertOptions({
  epochs,
  steps,
  accumulate = 1,
  resume,
  checkpoint,
}: {
  epochs?: number;
  steps?: number;
  accumulate?: number;
  resume?: boolean;
  checkpoint?: unknown;
}): void {
  if (epochs === undefined && steps === undefined) {
    throw new Error('fit: say how long to train, with `epochs`, `steps` or both.');
  }
  for (const [name, value, least] of [
    ['epochs', epochs ?? 0, 0],
    ['steps', steps ?? 0, 0],
    ['accumulate', accumulate, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(`fit: ${name} must be an integer from ${least}, not ${value}.`);
    }
  }
  if (resume === true && checkpoint === undefined) {
    throw new Error('fit: `resume` needs `checkpoint.store`, where the checkpoints are.');
  }
}
