import type { Callback, TrainingRun } from '../loop/callback.js';
import { numbersOf } from '../loop/history.js';
import { LineFile } from './line-file.js';

/**
 * Writes a JSON object a line: after each step `{ step, epoch, loss, learningRate, ... }`
 * with the step's metrics, and after each epoch `{ step, epoch, epochEnd: true, loss,
 * "validation/loss", ... }` with the means. A resumed run takes away what the file says
 * of steps after its checkpoint.
 *
 * @param options.everySteps leaves out steps between; 1
 */
export function jsonLines(path: string, options: { everySteps?: number } = {}): Callback {
  const { everySteps = 1 } = options;
  const file = new LineFile(path);
  return {
    name: `jsonLines ${path}`,
    onTrainBegin(run) {
      file.open(run.resumed ? (line) => isKept(line, run) : undefined);
    },
    onStepEnd({ step, epoch, loss, learningRate, metrics }) {
      if (step % everySteps !== 0) return;
      file.write(JSON.stringify({ step, epoch, loss, learningRate, ...metrics }));
    },
    onEpochEnd(record) {
      const { step, epoch } = record;
      file.write(JSON.stringify({ step, epoch, epochEnd: true, ...numbersOf(record) }));
    },
    onTrainEnd() {
      file.close();
    },
  };
}

/** A checkpoint from the last step of an epoch does not yet have the epoch's end. */
function isKept(line: string, run: TrainingRun): boolean {
  try {
    const row = JSON.parse(line) as { step: number; epoch: number; epochEnd?: boolean };
    return row.epochEnd === true ? row.epoch < run.epoch : row.step <= run.step;
  } catch {
    return false;
  }
}
