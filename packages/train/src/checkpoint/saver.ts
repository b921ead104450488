import type { CheckpointEvery, CheckpointOptions } from '../loop/options.js';
import type { Checkpoint, CheckpointContent, CheckpointInfo } from './checkpoint.js';
import { Checkpoints } from './checkpoints.js';
import type { DamagedCheckpointError } from './manifest.js';

/** What a saver tells of. */
export interface SaverEvents {
  saved(checkpoint: CheckpointInfo): Promise<void>;
  failed(error: Error): Promise<void>;
  damaged(damage: DamagedCheckpointError): Promise<void>;
}

/** The place in a run that a checkpoint is of. */
interface SavePoint {
  readonly step: number;
  readonly epoch: number;
  readonly epochEnded: boolean;
}

/**
 * Saves a run's checkpoints when they are due, in the background: training stops
 * only while its state is copied.
 */
export class Saver {
  /** Set by callbacks to save after the present step. */
  requested = false;
  /** Whether a save is under way. */
  isBusy = false;
  private readonly checkpoints: Checkpoints;
  private readonly every: CheckpointEvery;
  private run: string | undefined;
  private lastSavedAt = performance.now();
  private last: Pick<SavePoint, 'step' | 'epoch'> | undefined;
  private underWay: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(
    private readonly options: CheckpointOptions,
    private readonly events: SaverEvents,
  ) {
    const { every = { epochs: 1 } } = options;
    this.every = typeof every === 'number' ? { steps: every, epochs: 1 } : every;
    this.checkpoints = new Checkpoints(options.store, options.keep);
  }

  /**
   * The checkpoint to resume from, if that is wanted and there is one.
   *
   * @throws Error when a new run would begin among the checkpoints of another
   */
  async open(resume: boolean): Promise<Checkpoint | undefined> {
    if (!resume) {
      await this.assertFree();
      return undefined;
    }
    const damages: DamagedCheckpointError[] = [];
    const found = await this.checkpoints.latest((damage) => damages.push(damage));
    for (const damage of damages) await this.events.damaged(damage);
    if (found !== undefined) {
      this.run = found.info.run;
      this.last = found.info;
    }
    return found;
  }

  isDue({ step, epoch, epochEnded }: SavePoint): boolean {
    const { steps, minutes, epochs } = this.every;
    if (this.isSaved({ step, epoch })) return false;
    if (this.requested) return true;
    const waited = performance.now() - this.lastSavedAt;
    if (minutes !== undefined && waited >= minutes * 60_000) return true;
    if (epochEnded) return epochs !== undefined && epoch % epochs === 0;
    return steps !== undefined && step % steps === 0;
  }

  /** Whether the last save, begun or done, was of this place. */
  isSaved({ step, epoch }: Pick<SavePoint, 'step' | 'epoch'>): boolean {
    return this.last?.step === step && this.last.epoch === epoch;
  }

  /**
   * Begins to save, after an earlier save has ended; resolves when that is so.
   *
   * @param content gives a copy that nobody changes
   */
  async save(
    content: () => CheckpointContent,
    { step, epoch }: Pick<SavePoint, 'step' | 'epoch'>,
    metrics: Record<string, number>,
  ): Promise<void> {
    await this.underWay;
    this.requested = false;
    this.lastSavedAt = performance.now();
    this.last = { step, epoch };
    this.run ??= crypto.randomUUID();
    const { overwrite: replaceOthers = false } = this.options;
    const saving = this.checkpoints.save(content(), {
      run: this.run,
      step,
      epoch,
      metrics,
      replaceOthers,
    });
    this.isBusy = true;
    this.underWay = saving
      .finally(() => {
        this.isBusy = false;
      })
      .then(
        async (info) => {
          this.failure = undefined;
          await this.events.saved(info);
        },
        async (error: unknown) => {
          this.failure = saveError(error, this.options.store.description, step);
          await this.events.failed(this.failure);
        },
      );
    // An error of a callback is thrown where the save is waited for.
    this.underWay.catch(() => undefined);
  }

  /** Waits for the save that is under way. */
  async settled(): Promise<void> {
    await this.underWay;
  }

  /** @throws Error when the last save failed */
  async assertSaved(): Promise<void> {
    await this.underWay;
    if (this.failure !== undefined) throw this.failure;
  }

  private async assertFree(): Promise<void> {
    const { overwrite = false, store } = this.options;
    const [newest] = (await this.checkpoints.list()).checkpoints;
    if (newest === undefined || overwrite) return;
    throw new Error(
      `${store.description} holds the checkpoints of another run (the newest of step ${newest.step}). ` +
        'Pass `resume: true` to go on with it, `checkpoint.overwrite: true` to replace it, or use ' +
        'another store.',
    );
  }
}

function saveError(cause: unknown, store: string, step: number): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`The checkpoint of step ${step} could not be saved in ${store}: ${reason}`, {
    cause,
  });
}
