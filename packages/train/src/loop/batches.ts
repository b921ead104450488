import * as tf from '@tensorflow/tfjs-core';

/** One batch: tensors by name, each with the examples along its first axis. */
export type Batch = Readonly<Record<string, tf.Tensor>>;

/** Batches one after another. */
export type BatchIterable<B extends Batch> = Iterable<B> | AsyncIterable<B>;

/** Data that can begin at any batch of any epoch, such as the datasets of `@ae/data`. */
export interface ResumableData<B extends Batch> {
  batches(epoch: number, startBatch?: number): BatchIterable<B>;
  readonly batchesPerEpoch?: number;
}

/**
 * Where batches come from: resumable data, a function that gives the batches of
 * an epoch, or any iterable or async iterable (an epoch is one pass through it).
 *
 * Batches of an array stay the caller's; all others are disposed of after their step.
 */
export type DataSource<B extends Batch> =
  | ResumableData<B>
  | ((epoch: number) => BatchIterable<B>)
  | BatchIterable<B>;

/**
 * One pass through the data. While a step runs, the next batch is on its way:
 * it is asked for before the present one is handed out.
 */
export class EpochBatches<B extends Batch> {
  private readonly iterator: Iterator<B> | AsyncIterator<B>;
  private readonly owned: boolean;
  /** Batches still to be passed over, where the data cannot begin later by itself. */
  private skip: number;
  private ahead: IteratorResult<B> | Promise<IteratorResult<B>> | undefined;
  private ended = false;

  /** @param startBatch how many batches of the epoch to leave out */
  constructor(
    data: DataSource<B>,
    private readonly epoch: number,
    startBatch = 0,
  ) {
    const iterable = open(data, epoch, startBatch);
    this.skip = 'batches' in data ? 0 : startBatch;
    this.owned = !Array.isArray(iterable);
    this.iterator =
      Symbol.asyncIterator in iterable
        ? iterable[Symbol.asyncIterator]()
        : iterable[Symbol.iterator]();
  }

  /**
   * Gives up to `count` batches to `work` and disposes of them afterwards.
   *
   * @returns undefined, without a call, at the end of the epoch
   */
  async use<T>(count: number, work: (batches: B[]) => Promise<T>): Promise<T | undefined> {
    const batches: B[] = [];
    try {
      while (batches.length < count) {
        const batch = await this.next();
        if (batch === undefined) break;
        batches.push(batch);
      }
      if (batches.length === 0) return undefined;
      if (!this.ended && Symbol.asyncIterator in this.iterator) this.ask();
      return await work(batches);
    } finally {
      for (const batch of batches) this.release(batch);
    }
  }

  /** Whether no batch is left; looks for the next one if need be. */
  async atEnd(): Promise<boolean> {
    if (!this.ended && this.ahead === undefined) this.ask();
    const ahead = await this.ahead;
    if (ahead?.done === true) this.ended = true;
    return this.ended;
  }

  /** Ends the pass early; a batch that was asked for is disposed of. */
  async close(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    const ahead = await Promise.resolve(this.ahead).catch(() => undefined);
    if (ahead !== undefined && ahead.done !== true) this.release(ahead.value);
    await this.iterator.return?.();
  }

  private ask(): void {
    const next = this.iterator.next();
    // An error belongs to the step that wants the batch; until then it must not count as unhandled.
    if (next instanceof Promise) next.catch(() => undefined);
    this.ahead = next;
  }

  private async next(): Promise<B | undefined> {
    for (; !this.ended && this.skip > 0; this.skip--) {
      if (!(await this.atEnd())) this.release(await this.taken());
    }
    return (await this.atEnd()) ? undefined : this.taken();
  }

  /** The batch that was asked for. */
  private async taken(): Promise<B> {
    const { value } = (await this.ahead) as IteratorYieldResult<B>;
    this.ahead = undefined;
    assertBatch(value, this.epoch);
    return value;
  }

  /** Disposes of a batch, where it is not the caller's. */
  private release(batch: B): void {
    if (this.owned) tf.dispose({ ...batch });
  }
}

/** How many examples a batch holds: the first dimension of its first tensor that has one. */
export function batchSizeOf(batch: Batch): number {
  for (const tensor of Object.values(batch)) if (tensor.rank > 0) return tensor.shape[0]!;
  return 1;
}

function open<B extends Batch>(
  data: DataSource<B>,
  epoch: number,
  startBatch: number,
): BatchIterable<B> {
  if (typeof data === 'function') return data(epoch);
  if ('batches' in data) return data.batches(epoch, startBatch);
  return data;
}

function assertBatch(batch: Batch, epoch: number): void {
  if (batch === null || typeof batch !== 'object' || batch instanceof tf.Tensor) {
    throw new TypeError('A batch must be an object of tensors, such as { image, label }.');
  }
  for (const [name, tensor] of Object.entries(batch)) {
    if (!(tensor instanceof tf.Tensor)) {
      throw new TypeError(`The batch's "${name}" is not a tensor.`);
    }
    if (tensor.isDisposed) {
      throw new Error(
        `The batch's "${name}" was disposed of already (epoch ${epoch}). Batches are disposed of ` +
          'after their step: give new ones, or keep them in an array, whose batches stay yours.',
      );
    }
  }
}
