import type { Callback } from '../loop/callback.js';
import { numbersOf } from '../loop/history.js';

/** Where the progress goes; `process.stderr`, for one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** How often a bar and a plain line is written, in ms. */
const BAR_EVERY = 100;
const LINE_EVERY = 5000;
const WIDTH = 24;

/**
 * Shows how training goes: on a terminal a bar with the loss, examples a second and
 * the time left; elsewhere a plain line every five seconds. The end of each epoch
 * gets a line of its own.
 */
export function progress(stream: ProgressStream = process.stderr): Callback {
  let begun = { at: 0, step: 0 };
  let examples = 0;
  let shownAt = 0;
  const clear = (): void => void (stream.isTTY === true && stream.write('\r\x1b[K'));
  return {
    name: 'progress',
    onTrainBegin(run) {
      begun = { at: performance.now(), step: run.step };
      examples = 0;
      shownAt = begun.at;
    },
    onStepEnd({ step, loss, examples: more }, run) {
      examples += more;
      const now = performance.now();
      const isTerminal = stream.isTTY === true;
      const last = step === run.totalSteps;
      if (!last && now - shownAt < (isTerminal ? BAR_EVERY : LINE_EVERY)) return;
      shownAt = now;
      const seconds = (now - begun.at) / 1000;
      const parts = [`loss ${loss.toPrecision(4)}`, `${Math.round(examples / seconds)} examples/s`];
      if (run.totalSteps !== undefined) {
        const left = ((run.totalSteps - step) * seconds) / (step - begun.step);
        parts.push(`${clock(left)} left`);
      }
      const line = `${bar(step, run.totalSteps, isTerminal)} ${parts.join(', ')}`;
      stream.write(
        isTerminal ? `\r\x1b[K${line.slice(0, (stream.columns ?? 80) - 1)}` : `${line}\n`,
      );
    },
    onEpochEnd(record) {
      clear();
      const numbers = Object.entries(numbersOf(record));
      const texts = numbers.map(([name, value]) => `${name} ${value.toPrecision(4)}`);
      stream.write(`epoch ${record.epoch + 1}: ${texts.join(', ')}\n`);
    },
    onTrainEnd() {
      clear();
    },
  };
}

function bar(step: number, total: number | undefined, isTerminal: boolean): string {
  if (total === undefined) return `step ${step}:`;
  if (!isTerminal) return `step ${step}/${total}:`;
  const done = Math.round((WIDTH * Math.min(step, total)) / total);
  return `[${'='.repeat(done)}${' '.repeat(WIDTH - done)}] ${step}/${total}`;
}

/** 65 -> 1:05 */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
