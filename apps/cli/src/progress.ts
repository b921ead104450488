import type { Callback } from '@ae/train';
import { createLogUpdate } from 'log-update';
import { barLine, type Progress, plainLine, shortLoss } from './progress-line.js';
import type { StepClock } from './step-clock.js';

/** How often the bar is drawn again, and how often a log gets a line, in milliseconds. */
const BAR_EVERY = 100;
const LINE_EVERY = 5000;
/** The loss shown is a running mean: each new one has this weight. */
const NEWEST_WEIGHT = 0.05;

export interface ProgressDisplay extends Callback {
  /** A line of its own, above the bar where there is one. */
  note(line: string): void;
}

/**
 * Shows how far training is: a bar that stays in its place on a terminal, a line
 * now and then elsewhere.
 */
export function progress(options: {
  stream: NodeJS.WriteStream;
  clock: StepClock;
  /** Steps and epochs of the whole run. */
  totalSteps: number;
  epochs: number;
}): ProgressDisplay {
  const { stream, clock, totalSteps, epochs } = options;
  const terminal = stream.isTTY ? createLogUpdate(stream) : undefined;
  let loss = Number.NaN;
  let shown = Number.NEGATIVE_INFINITY;
  const note = (line: string): void => {
    if (terminal) terminal.persist(line);
    else stream.write(`${line}\n`);
  };
  const show = (step: number, epoch: number): void => {
    shown = performance.now();
    const state: Progress = {
      step,
      totalSteps,
      epoch: epoch + 1,
      epochs,
      imagesPerSecond: clock.recentImagesPerSecond(),
      loss,
      secondsLeft: (clock.recentMsPerStep() * (totalSteps - step)) / 1000,
    };
    if (terminal) terminal(barLine(state, stream.columns || 80));
    else note(plainLine(state));
  };
  return {
    name: 'progress',
    note,
    onStepEnd(event) {
      const { step, epoch } = event;
      loss = Number.isNaN(loss) ? event.loss : loss + NEWEST_WEIGHT * (event.loss - loss);
      const due = performance.now() - shown > (terminal ? BAR_EVERY : LINE_EVERY);
      if (due || step === totalSteps) show(step, epoch);
    },
    onEpochEnd({ epoch, loss, validation }) {
      const held = validation ? `, validation loss ${shortLoss(validation.loss)}` : '';
      note(`epoch ${epoch + 1}/${epochs}: loss ${shortLoss(loss)}${held}`);
    },
    onCheckpointError(error) {
      note(error.message);
    },
    onDamagedCheckpoint(damage) {
      note(`${damage.message} An older one is used.`);
    },
    onTrainEnd() {
      terminal?.done();
    },
  };
}
