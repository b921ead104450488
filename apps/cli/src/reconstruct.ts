import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { useWasm } from '@ae/wasm';
import type { ReconstructArguments } from './arguments.js';
import { loadDigits } from './digits.js';
import { loadModel } from './model.js';
import { openWeights } from './open-weights.js';
import type { Output } from './output.js';
import { reconstructionsPicture } from './reconstructions.js';
import { makeFolder, replaceFile } from './run-folder.js';
import { UsageError } from './usage-error.js';

/** `ae reconstruct`: a picture of test images and what a checkpoint makes of them. */
export async function reconstruct(args: ReconstructArguments, output: Output): Promise<number> {
  const { out, count } = args;
  const saved = await openWeights(args.checkpoint, output.note);
  await useWasm();
  const { test } = await loadDigits(args.data ?? saved.data);
  if (count > test.length) {
    throw new UsageError(`--count ${count} is more than the ${test.length} test images`);
  }
  await prepare(out);
  const model = loadModel(saved);
  await replaceFile(out, await reconstructionsPicture(model, test, count));
  output.result(`wrote ${out}`);
  return 0;
}

async function prepare(out: string): Promise<void> {
  try {
    await makeFolder(dirname(resolve(out)));
  } catch (error) {
    throw new UsageError(`cannot write --out ${out}: ${(error as Error).message}`);
  }
  const present = await stat(out).catch(() => undefined);
  if (present?.isDirectory()) throw new UsageError(`--out ${out} is a folder`);
}
