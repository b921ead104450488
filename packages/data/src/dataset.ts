import { foldIn, permutation } from '@ae/random';
import { Batches } from './batches.js';
import type { Batch, Examples } from './columns.js';

/** The numbers of the examples to use in an epoch, in order. */
type Order = (epoch: number) => Uint32Array;

export interface BatchOptions {
  /**
   * Leave out the last batch of an epoch when it is smaller than the others.
   * @default false
   */
  dropRemainder?: boolean;
}

/**
 * Examples, and the order in which an epoch goes through them. Every method
 * returns a new dataset; nothing is copied or read before batches are taken.
 *
 * @typeParam B the batch that it gives, such as `{ image: Tensor4D; label: Tensor1D }`
 */
export class Dataset<B extends Batch = Batch> {
  readonly #examples: Examples;
  readonly #order: Order;
  /** How many examples an epoch has. */
  readonly length: number;

  /** Most programs use `fromArrays` or `fromExamples` instead. */
  constructor(examples: Examples, order?: Order, length: number = examples.length) {
    checkCount('length', length);
    this.#examples = examples;
    this.#order = order ?? (() => Uint32Array.from({ length }, (_, index) => index));
    this.length = length;
  }

  /**
   * Another order in every epoch, given by `seed` and the number of the epoch
   * alone, so that a stopped epoch can be gone on with.
   *
   * @param seed an integer
   */
  shuffle(seed: number): Dataset<B> {
    foldIn(seed); // a bad seed is the caller's mistake: say so here, not in the first batch
    const { length } = this;
    return new Dataset(
      this.#examples,
      (epoch) => {
        const before = this.#order(epoch);
        return permutation(foldIn(seed, 'shuffle', epoch), length).map((at) => before[at]!);
      },
      length,
    );
  }

  /** The first `count` examples, or all where there are fewer. After `shuffle` others in every epoch. */
  take(count: number): Dataset<B> {
    checkCount('count', count);
    const length = Math.min(count, this.length);
    return new Dataset(this.#examples, (epoch) => this.#order(epoch).subarray(0, length), length);
  }

  /** All but the first `count` examples. */
  skip(count: number): Dataset<B> {
    checkCount('count', count);
    const length = Math.max(0, this.length - count);
    return new Dataset(this.#examples, (epoch) => this.#order(epoch).subarray(count), length);
  }

  /**
   * Batches of `batchSize` examples; the last one of an epoch may be smaller.
   *
   * @throws RangeError when `batchSize` is not a positive integer
   */
  batch(batchSize: number, { dropRemainder = false }: BatchOptions = {}): Batches<B> {
    checkCount('batchSize', batchSize);
    if (batchSize === 0) throw new RangeError('batchSize must be a positive integer, not 0');
    const round = dropRemainder ? Math.floor : Math.ceil;
    const batchesPerEpoch = round(this.length / batchSize);
    const examplesPerEpoch = Math.min(this.length, batchesPerEpoch * batchSize);
    const examples = this.#examples;
    const order = this.#order;
    return Batches.of<B>({
      batchSize,
      batchesPerEpoch,
      examplesPerEpoch,
      async *hostBatches(epoch, startBatch) {
        const indices = order(epoch);
        for (let batch = startBatch; batch < batchesPerEpoch; batch++) {
          yield examples.gather(indices.slice(batch * batchSize, (batch + 1) * batchSize));
        }
      },
    });
  }
}

function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= 0xffffffff) return;
  throw new RangeError(`${name} must be an integer from 0 to 2^32 - 1, not ${value}`);
}
