import type { CheckpointEvery, CheckpointOptions } from '../loop/options.js';
import type { CheckpointContent, CheckpointInfo } from './checkpoint.js';
import { Checkpoints, type SaveOptions } from './checkpoints.js';

/** Saves in the background: training stops only while its state is copied. */
export class Saver {
  readonly checkpoints: Checkpoints;
  /** Set by callbacks to save after the present step. */
  requested = false;
  private readonly every: CheckpointEvery;
  private lastSavedAt = performance.now();
  private underWay: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  constructor(
    options: CheckpointOptions,
    private readonly onSaved: (checkpoint: CheckpointInfo) => Promise<void>,
    private readonly onFailed: (error: Error) => Promise<void>,
  ) {
    const { every = { epochs: 1 } } = options;
    this.every = typeof every === 'number' ? { steps: every, epochs: 1 } : every;
    this.checkpoints = new Checkpoints(options.store, options.keep);
  }

  /** @param epochEnded whether the last thing that happened was the end of an epoch */
  isDue(step: number, epoch: number, epochEnded: boolean): boolean {
    const { steps, minutes, epochs } = this.every;
    if (this.requested) return true;
    if (minutes !== undefined && performance.now() - this.lastSavedAt >= minutes * 60_000)
      return true;
    if (epochEnded) return epochs !== undefined && epoch % epochs === 0;
    return steps !== undefined && step % steps === 0;
  }

  /**
   * Begins to save, after an earlier save has ended; resolves when that is so.
   *
   * @param content gives a copy that nobody changes
   */
  async save(content: () => CheckpointContent, options: SaveOptions): Promise<void> {
    await this.underWay;
    this.requested = false;
    this.lastSavedAt = performance.now();
    this.underWay = this.checkpoints.save(content(), options).then(
      async (info) => {
        this.failure = undefined;
        await this.onSaved(info);
      },
      async (error: unknown) => {
        this.failure = saveError(error, this.checkpoints.store.description, options.step);
        await this.onFailed(this.failure);
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
}

function saveError(cause: unknown, store: string, step: number): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`The checkpoint of step ${step} could not be saved in ${store}: ${reason}`, {
    cause,
  });
}
