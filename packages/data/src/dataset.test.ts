import '@tensorflow/tfjs-backend-cpu';
import { foldIn } from '@ae/random';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Batch, type Batches, fromArrays, fromExamples } from './index.js';

const numbers = (n: number) =>
  fromArrays({ x: Int32Array.from({ length: n }, (_, index) => index) });

/** The values of column `x`, batch by batch; disposes of every tensor. */
async function read<B extends Batch>(
  data: Batches<B>,
  epoch = 0,
  startBatch?: number,
): Promise<number[][]> {
  const out: number[][] = [];
  for await (const batch of data.batches(epoch, startBatch)) {
    out.push(Array.from(await batch.x!.data()));
    tf.dispose(Object.values(batch));
  }
  return out;
}

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

describe('fromArrays', () => {
  test('gives typed batches with the right shapes, types and values', async () => {
    const data = fromArrays({
      image: {
        data: Uint8Array.from({ length: 24 }, (_, i) => i * 10),
        shape: [2, 2, 1],
        divideBy: 255,
      },
      label: new Uint8Array([5, 4, 3, 2, 1, 0]),
      weight: [0, 0.5, 1, 1.5, 2, 2.5],
    }).batch(4);
    expect(data.batchesPerEpoch).toBe(2);
    const shapes: number[][] = [];
    for await (const { image, label, weight } of data.batches(0)) {
      const typed: [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D] = [image, label, weight];
      shapes.push(...typed.map((tensor) => tensor.shape));
      expect(typed.map((tensor) => tensor.dtype)).toEqual(['float32', 'int32', 'float32']);
      const last = image.size - 1;
      const value = shapes.length === 3 ? 150 : 230;
      expect((await image.data())[last]).toBe(Math.fround(value / 255));
      expect((await label.data())[0]).toBe(shapes.length === 3 ? 5 : 1);
      tf.dispose([image, label, weight]);
    }
    expect(shapes).toEqual([[4, 2, 2, 1], [4], [4], [2, 2, 2, 1], [2], [2]]);
  });

  test('bytes divided by 255 are the nearest float32, as in TensorFlow', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    const [values] = await read(fromArrays({ x: { data: bytes, divideBy: 255 } }).batch(256));
    const quotients = tf.tidy(() => tf.div(tf.range(0, 256), 255));
    expect(values).toEqual(Array.from(await quotients.data()));
    quotients.dispose();
  });

  test.each<[string, () => unknown, string]>([
    ['no column', () => fromArrays({}), 'there must be at least one column'],
    ['other lengths', () => fromArrays({ a: [1, 2], b: [1] }), "'a' 2, 'b' 1"],
    [
      'half an example',
      () => fromArrays({ a: { data: [1, 2, 3], shape: [2] } }),
      "column 'a': 3 numbers do not divide into examples of 2 each",
    ],
    [
      'an empty example',
      () => fromArrays({ a: { data: [1], shape: [0] } }),
      "column 'a': 1 numbers do not divide",
    ],
    [
      'a bad shape',
      () => fromArrays({ a: { data: [1], shape: [-1] } }),
      "column 'a': [-1] is not a shape",
    ],
    [
      'a fraction as int32',
      () => fromArrays({ a: { data: [1, 2.5], dtype: 'int32' } }),
      "column 'a': 2.5 at position 1 is not an int32",
    ],
    [
      'division by zero',
      () => fromArrays({ a: { data: [1], divideBy: 0 } }),
      "column 'a': cannot divide by 0",
    ],
    ['a batch of none', () => numbers(3).batch(0), 'batchSize must be a positive integer, not 0'],
    ['half a batch', () => numbers(3).batch(1.5), 'batchSize must be an integer'],
    ['a negative take', () => numbers(3).take(-1), 'count must be an integer'],
    ['a seed of NaN', () => numbers(3).shuffle(Number.NaN), 'the seed must be an integer, not NaN'],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

describe('Dataset', () => {
  test('an epoch holds every example once, in an order that seed and epoch give', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(
        size,
        size,
        fc.integer(),
        fc.nat(1000),
        async (n, batchSize, seed, epoch) => {
          const data = numbers(n).shuffle(seed).batch(batchSize);
          const once = await read(data, epoch);
          expect(once.length).toBe(data.batchesPerEpoch);
          expect(once.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
          expect(once.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
          expect(await read(numbers(n).shuffle(seed).batch(batchSize), epoch)).toEqual(once);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('the order differs between epochs and seeds', async () => {
    const orders = [
      await read(numbers(50).shuffle(1).batch(50), 0),
      await read(numbers(50).shuffle(1).batch(50), 1),
      await read(numbers(50).shuffle(2).batch(50), 0),
    ];
    expect(new Set(orders.map(String)).size).toBe(3);
  });

  test('an epoch goes on exactly where it was left', async () => {
    const data = numbers(23).shuffle(4).batch(4);
    const whole = await read(data, 7);
    for (let start = 0; start <= data.batchesPerEpoch; start++) {
      expect(await read(data, 7, start)).toEqual(whole.slice(start));
    }
  });

  test('take, skip and shuffle compose in the order they are written', async () => {
    expect(await read(numbers(10).skip(2).take(3).batch(9))).toEqual([[2, 3, 4]]);
    expect(await read(numbers(3).take(9).batch(9))).toEqual([[0, 1, 2]]);
    expect(await read(numbers(3).skip(9).batch(9))).toEqual([]);
    const [before] = await read(numbers(10).take(5).shuffle(0).batch(9));
    expect(before!.slice().sort()).toEqual([0, 1, 2, 3, 4]);
    const [whole] = await read(numbers(10).shuffle(0).batch(10));
    expect(await read(numbers(10).shuffle(0).take(5).batch(9))).toEqual([whole!.slice(0, 5)]);
    expect(await read(numbers(10).shuffle(0).skip(5).batch(9))).toEqual([whole!.slice(5)]);
  });

  test('dropRemainder leaves out a smaller last batch', async () => {
    const data = numbers(7).batch(3, { dropRemainder: true });
    expect([data.batchesPerEpoch, data.examplesPerEpoch]).toEqual([2, 6]);
    expect(await read(data)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  test('refuses an epoch or a batch that does not exist', async () => {
    const data = numbers(6).batch(3);
    await expect(read(data, -1)).rejects.toThrow('the epoch must be an integer from 0, not -1');
    await expect(read(data, 0, 3)).rejects.toThrow('the first batch must be from 0 to 2, not 3');
  });
});

describe('Batches.map', () => {
  test('changes tensors, and disposes of what it does not return', async () => {
    const data = fromArrays({ x: [1, 2, 3], y: [4, 5, 6] })
      .batch(2)
      .map(({ x, y }) => ({ x: tf.add<tf.Tensor1D>(tf.mul(x, 10), y), same: y }));
    const seen: number[][] = [];
    for await (const { x, same } of data.batches(0)) {
      seen.push(Array.from(await x.data()), Array.from(await same.data()));
      tf.dispose([x, same]);
    }
    expect(seen).toEqual([[14, 25], [4, 5], [36], [6]]);
  });

  test('knows its position, also after a start in the middle', async () => {
    const noisy = numbers(6)
      .batch(2)
      .map(({ x }, { epoch, batch }) => ({
        x: tf.randomUniform([x.size], 0, 1, 'float32', foldIn(0, 'noise', epoch, batch)),
      }));
    const whole = await read(noisy, 3);
    expect(await read(noisy, 3, 1)).toEqual(whole.slice(1));
    expect(whole[0]).not.toEqual(whole[1]);
  });

  test('leaves no tensor when it throws', async () => {
    const data = numbers(2)
      .batch(2)
      .map(({ x }) => {
        tf.add(x, 1);
        throw new Error('no');
      });
    await expect(read(data)).rejects.toThrow('no');
  });
});

describe('fromExamples and prefetch', () => {
  const slow = (reads: number[]) =>
    fromExamples({
      length: 10,
      columns: { x: {} },
      example: async (index) => {
        reads.push(index);
        await new Promise((resolve) => setTimeout(resolve, (index % 3) * 2));
        return { x: index };
      },
    });

  test('reads what is asked for, in order', async () => {
    const plain = await read(numbers(10).shuffle(3).batch(4), 2);
    expect(await read(slow([]).shuffle(3).batch(4), 2)).toEqual(plain);
    expect(await read(slow([]).shuffle(3).batch(4).prefetch(2), 2)).toEqual(plain);
    expect(await read(slow([]).shuffle(3).batch(4).prefetch(9), 2, 1)).toEqual(plain.slice(1));
  });

  test('prefetch reads the next batches during a step, but no further', async () => {
    const reads: number[] = [];
    const iterator = slow(reads).batch(2).prefetch(2).batches(0);
    const { value } = await iterator.next();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(reads).toEqual([0, 1, 2, 3, 4, 5]);
    // What was read ahead is not a tensor yet, so leaving early leaks nothing.
    tf.dispose(Object.values(value!));
    await iterator.return();
  });

  test('an error comes at its turn', async () => {
    const failing = fromExamples({
      length: 4,
      columns: { x: {} },
      example: async (index) => {
        if (index === 2) throw new Error('unreadable');
        return { x: index };
      },
    });
    const iterator = failing.batch(1).prefetch(3).batches(0);
    for (const expected of [0, 1]) {
      const { value } = await iterator.next();
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(Array.from(await value!.x.data())).toEqual([expected]);
      tf.dispose(Object.values(value!));
    }
    await expect(iterator.next()).rejects.toThrow('unreadable');
  });

  test('an example of the wrong size is named', async () => {
    const data = fromExamples({
      length: 2,
      columns: { x: { shape: [3] } },
      example: (index) => ({ x: index === 0 ? [1, 2, 3] : [1, 2] }),
    });
    await expect(read(data.batch(2))).rejects.toThrow(
      "column 'x' of example 1 must have 3 numbers, [3], but has 2",
    );
  });
});
