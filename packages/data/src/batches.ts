import * as tf from '@tensorflow/tfjs-core';
import type { Batch, HostBatch } from './columns.js';
import { prefetch } from './prefetch.js';

/** Which batch it is. */
export interface BatchPosition {
  /** From 0. */
  readonly epoch: number;
  /** Within the epoch, from 0. */
  readonly batch: number;
}

interface HostSource {
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  readonly examplesPerEpoch: number;
  /** The batches of an epoch from number `startBatch` on, not yet tensors. */
  hostBatches(epoch: number, startBatch: number): AsyncIterable<HostBatch>;
}

/**
 * Batches of tensors, epoch by epoch. The numbers of the epoch and of the batch
 * are all the state there is: `batches(3, 120)` goes on where a run stopped,
 * with the very batches that it would have had.
 */
export class Batches<B extends Batch = Batch> {
  readonly #source: HostSource;
  readonly #toTensors: (host: HostBatch, position: BatchPosition) => B;
  /** Examples in each batch, but perhaps the last of an epoch. */
  readonly batchSize: number;
  readonly batchesPerEpoch: number;
  /** Examples in all batches of an epoch together. */
  readonly examplesPerEpoch: number;

  private constructor(
    source: HostSource,
    toTensors: (host: HostBatch, position: BatchPosition) => B,
  ) {
    this.#source = source;
    this.#toTensors = toTensors;
    this.batchSize = source.batchSize;
    this.batchesPerEpoch = source.batchesPerEpoch;
    this.examplesPerEpoch = source.examplesPerEpoch;
  }

  /** @internal */
  static of<B extends Batch>(source: HostSource): Batches<B> {
    return new Batches<B>(source, tensorsOf<B>);
  }

  /**
   * The batches of an epoch (from 0), beginning with number `startBatch` (from
   * 0). The tensors belong to the caller, who disposes of them.
   *
   * @throws RangeError when there is no such epoch or batch
   */
  async *batches(epoch: number, startBatch = 0): AsyncGenerator<B, void, undefined> {
    if (!Number.isSafeInteger(epoch) || epoch < 0) {
      throw new RangeError(`the epoch must be an integer from 0, not ${epoch}`);
    }
    const count = this.batchesPerEpoch;
    if (!Number.isSafeInteger(startBatch) || startBatch < 0 || startBatch > count) {
      throw new RangeError(`the first batch must be from 0 to ${count}, not ${startBatch}`);
    }
    let batch = startBatch;
    for await (const host of this.#source.hostBatches(epoch, startBatch)) {
      yield this.#toTensors(host, { epoch, batch });
      batch++;
    }
  }

  /**
   * Applies `change` to each batch, for instance to add noise. It works with
   * tensors; all but those it returns are disposed of.
   *
   * Draw random numbers from `position`, and the run stays repeatable:
   * `foldIn(seed, 'noise', epoch, batch)`.
   */
  map<C extends Batch>(change: (batch: B, position: BatchPosition) => C): Batches<C> {
    return new Batches<C>(this.#source, (host, position) => {
      const before = this.#toTensors(host, position);
      let after: C | undefined;
      try {
        after = tf.tidy(() => change(before, position));
        return after;
      } finally {
        const kept = new Set<tf.Tensor>(Object.values(after ?? {}));
        for (const tensor of Object.values(before)) if (!kept.has(tensor)) tensor.dispose();
      }
    });
  }

  /**
   * Reads `count` batches ahead while a step runs, which helps where examples
   * come from files or a network. Their tensors are made only when it is their turn.
   */
  prefetch(count = 1): Batches<B> {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new RangeError(`prefetch: the count must be a positive integer, not ${count}`);
    }
    const source = this.#source;
    return new Batches<B>(
      {
        ...source,
        hostBatches: (epoch, startBatch) => prefetch(source.hostBatches(epoch, startBatch), count),
      },
      this.#toTensors,
    );
  }
}

/** The names and shapes of `B` are those that the columns were given with. */
function tensorsOf<B extends Batch>(host: HostBatch): B {
  const tensors = Object.entries(host).map(
    ([name, { data, shape, dtype }]) => [name, tf.tensor(data, shape, dtype)] as const,
  );
  return Object.fromEntries(tensors) as Batch as B;
}
