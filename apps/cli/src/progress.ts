import type { Callback } from '@ae/train';
import { createLogUpdate } from 'log-update';
import { barLine, type Progress, plainLine, shortLoss } from './progress-line.js';
import type { StepClock } from './step-clock.js';

/** How often the bar is drawn again, and how often a log gets a line, in milliseconds. */
const BAR_EVERY = 100;
const LINE_EVERY = 5000;
/** The loss shown is a running mean: each new one has this weight. */
const NEWEST_WEIGHT = 0.05;

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
}): Callback {
  const { stream, clock, totalSteps, epochs } = options;
  const terminal = stream.isTTY ? createLogUpdate(stream) : undefined;
  let loss = Number.NaN;
  let shown = Number.NEGATIVE_INFINITY;
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
    else stream.write(`${plainLine(state)}\n`);
  };
  return {
    name: 'progress',
    onStepEnd(event) {
      const { step, epoch } = event;
      loss = Number.isNaN(loss) ? event.loss : loss + NEWEST_WEIGHT * (event.loss - loss);
      const due = performance.now() - shown > (terminal ? BAR_EVERY : LINE_EVERY);
      if (due || step === totalSteps) show(step, epoch);
    },
    onEpochEnd({ epoch, loss, validation }) {
      const held = validation ? `, validation loss ${shortLoss(validation.loss)}` : '';
      const line = `epoch ${epoch + 1}/${epochs}: loss ${shortLoss(loss)}${held}`;
      if (terminal) terminal.persist(line);
      else stream.write(`${line}\n`);
    },
    onTrainEnd() {
      terminal?.done();
    },
  };
}
