import type { Callback } from '../loop/callback.js';
import { numbersOf } from '../loop/history.js';
import { LineFile } from './line-file.js';

/**
 * Writes a table with a row for each epoch: `epoch,step,loss,...,validation/loss,...`. A
 * resumed run takes away the rows of epochs after its checkpoint.
 */
export function csv(path: string): Callback {
  const file = new LineFile(path);
  let hasHeader = false;
  return {
    name: `csv ${path}`,
    onTrainBegin(run) {
      hasHeader = false;
      const keep = (line: string): boolean => {
        if (line.startsWith('epoch,')) hasHeader = true;
        return line.startsWith('epoch,') || Number(line.split(',')[0]) < run.epoch;
      };
      file.open(run.resumed ? keep : undefined);
    },
    onEpochEnd(record) {
      const { epoch, step } = record;
      const row = { epoch, step, ...numbersOf(record) };
      if (!hasHeader) file.write(Object.keys(row).map(quoted).join(','));
      hasHeader = true;
      file.write(Object.values(row).join(','));
    },
    onTrainEnd() {
      file.close();
    },
  };
}

/** RFC 4180. */
function quoted(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}
