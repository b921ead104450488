import { type EpochRecord, type Evaluation, numbersOf } from './history.js';
import { Means } from './mean.js';
import type { RunState } from './run-state.js';
import type { StepResult } from './step.js';

/** How far a run has come, and the numbers on the way. */
export class Progress {
  /** Optimizer steps taken. */
  step = 0;
  epoch = 0;
  /** How many batches of the present epoch were used. */
  batch = 0;
  /** Whether the last thing that happened was the end of an epoch. */
  epochEnded = false;
  /** The last evaluation of the validation data. */
  validation: Evaluation | undefined;
  epochs: EpochRecord[] = [];
  private readonly means = new Means();

  takeStep({ loss, metrics, examples, batches }: Omit<StepResult, 'gradients'>): void {
    this.step++;
    this.batch += batches;
    this.epochEnded = false;
    this.means.update({ loss, ...metrics }, examples);
  }

  /** The record of the epoch whose data is used up. */
  endEpoch(): EpochRecord {
    const { epoch, step, validation } = this;
    const record: EpochRecord = {
      epoch,
      step,
      ...this.evaluation(),
      ...(validation === undefined ? {} : { validation }),
    };
    this.epochs.push(record);
    return record;
  }

  beginNextEpoch(): void {
    this.epoch++;
    this.batch = 0;
    this.means.reset();
    this.epochEnded = true;
  }

  /** The means over the present epoch, or over the last one if none has begun since. */
  latest(): Evaluation {
    const last = this.epochs.at(-1);
    return this.batch > 0 || last === undefined ? this.evaluation() : last;
  }

  /** The numbers that a checkpoint of now is judged by. */
  numbers(): Record<string, number> {
    const ended = this.epochEnded ? this.epochs.at(-1) : undefined;
    return numbersOf(ended ?? this.evaluation());
  }

  state(): Pick<RunState, 'step' | 'epoch' | 'batch' | 'epochs' | 'validation' | 'means'> {
    const { step, epoch, batch, epochs, validation } = this;
    return { step, epoch, batch, epochs, validation, means: this.means.state() };
  }

  load(state: RunState): void {
    this.step = state.step;
    this.epoch = state.epoch;
    this.batch = state.batch;
    this.epochs = [...state.epochs];
    this.validation = state.validation;
    this.epochEnded = state.batch === 0;
    this.means.load(state.means);
  }

  private evaluation(): Evaluation {
    const { loss = Number.NaN, ...metrics } = this.means.results();
    return { loss, metrics };
  }
}
