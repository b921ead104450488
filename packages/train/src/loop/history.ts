/** What one epoch gave: means over its examples. */
export interface EpochRecord {
  /** Counted from 0. */
  readonly epoch: number;
  /** How many optimizer steps the run had taken at its end. */
  readonly step: number;
  readonly loss: number;
  /** The other outputs of the loss function. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The same for the validation data. */
  readonly validation?: Evaluation;
}

/** Means of the loss and of the other outputs over all examples of some data. */
export interface Evaluation {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What `fit` returns: plain data, the same after a resume as without. */
export interface History {
  /** Every epoch that was completed, also those before a resume. */
  readonly epochs: readonly EpochRecord[];
  /** Optimizer steps taken, also those before a resume. */
  readonly step: number;
  /** The mean loss of the last epoch, complete or not; NaN when no step was taken. */
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** The last evaluation of the validation data. */
  readonly validation?: Evaluation;
  /** Why training ended: `'complete'`, `'aborted'`, what a callback said, or `'failed'` by an error. */
  readonly stopReason: string;
}

/** The numbers of an epoch by their names; those of its validation have `validation/` before them. */
export function numbersOf(
  record: Evaluation & { readonly validation?: Evaluation },
): Record<string, number> {
  const numbers: Record<string, number> = { loss: record.loss, ...record.metrics };
  const { validation } = record;
  if (validation === undefined) return numbers;
  for (const [name, value] of Object.entries({ loss: validation.loss, ...validation.metrics })) {
    numbers[`validation/${name}`] = value;
  }
  return numbers;
}
