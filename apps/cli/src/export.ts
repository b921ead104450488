import { dirname, resolve } from 'node:path';
import { exportCheckpoint } from '@ae/train';
import type { ExportArguments } from './arguments.js';
import type { Output } from './output.js';
import { makeFolder, replaceFile } from './run-folder.js';
import { openCheckpoint } from './saved-run.js';
import { UsageError } from './usage-error.js';

/** `ae export`: the tensors of a checkpoint as one safetensors file. */
export async function exportWeights(args: ExportArguments, output: Output): Promise<number> {
  const { group, naming, out } = args;
  const { checkpoint, path } = await openCheckpoint(args.checkpoint, output.note);
  if (checkpoint.tensors[group] === undefined) {
    const present = Object.keys(checkpoint.tensors).join(', ');
    throw new UsageError(`the checkpoint ${path} has no ${group}; it has ${present}`);
  }
  await makeFolder(dirname(resolve(out)));
  await replaceFile(out, exportCheckpoint(checkpoint, { group, naming }));
  output.result(`wrote ${out}`);
  return 0;
}
