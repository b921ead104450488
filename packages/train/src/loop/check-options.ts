/** The options of `fit` whose values can be wrong though their types are right. */
interface Checked {
  epochs?: number;
  steps?: number;
  accumulate?: number;
  resume?: boolean;
  checkpoint?: unknown;
}

/** @throws Error saying which option is wrong or missing */
export function checkOptions(options: Checked): void {
  const { epochs, steps, accumulate = 1, resume = false, checkpoint } = options;
  if (epochs === undefined && steps === undefined) {
    throw new Error('fit: say how long to train, with `epochs`, `steps` or both.');
  }
  for (const [name, value, least] of [
    ['epochs', epochs ?? 0, 0],
    ['steps', steps ?? 0, 0],
    ['accumulate', accumulate, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(`fit: ${name} must be an integer from ${least}, not ${value}.`);
    }
  }
  if (resume && checkpoint === undefined) {
    throw new Error('fit: `resume` needs `checkpoint.store`, where the checkpoints are.');
  }
}
