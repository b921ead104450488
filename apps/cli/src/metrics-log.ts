import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Callback, EpochRecord, History, StepEvent } from '@ae/train';
import { replaceFile } from './run-folder.js';

/** One line of `metrics.jsonl`. */
export interface MetricsLine {
  /** Steps taken, from 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Of the step's batch. */
  readonly loss?: number;
  /** Of the test images, after this step. */
  readonly validationLoss?: number;
}

/**
 * The file `metrics.jsonl`: one JSON object a line, for each step and each
 * validation. As a callback of `fit` it writes them itself.
 */
export class MetricsLog implements Callback {
  readonly name = 'metrics';
  readonly #file: number;

  private constructor(
    path: string,
    /** What the file holds; grows with `add`. */
    readonly lines: MetricsLine[],
  ) {
    this.#file = openSync(path, 'a');
  }

  /**
   * Opens the file to go on after `step` steps. Lines of later steps, which a
   * run wrote after its last checkpoint, are taken out: those steps come again.
   */
  static async open(path: string, step: number): Promise<MetricsLog> {
    const kept = readLines(path).filter((line) => line.step <= step);
    await replaceFile(path, kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return new MetricsLog(path, kept);
  }

  add(line: MetricsLine): void {
    this.lines.push(line);
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }

  onStepEnd({ step, epoch, loss }: Pick<StepEvent, 'step' | 'epoch' | 'loss'>): void {
    this.add({ step, epoch: epoch + 1, loss });
  }

  onEpochEnd({ step, epoch, validation }: EpochRecord): void {
    if (validation) this.add({ step, epoch: epoch + 1, validationLoss: validation.loss });
  }

  /** The last validation, where training ended within an epoch. */
  addFinal({ step, epochs, validation }: History): void {
    const known = this.lines.some((line) => line.step === step && 'validationLoss' in line);
    if (validation && !known) {
      this.add({ step, epoch: epochs.length + 1, validationLoss: validation.loss });
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** The lines of the file as far as they are whole; a crash may have cut off the last one. */
function readLines(path: string): MetricsLine[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = JSON.parse(line) as MetricsLine;
      return Number.isInteger(parsed.step) ? [parsed] : [];
    } catch {
      return [];
    }
  });
}
