import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Callback } from '../loop/callback.js';
import { numbersOf } from '../loop/history.js';
import { variablesOf } from '../variables.js';
import {
  histogramRecord,
  imageRecord,
  restartRecord,
  scalarsRecord,
  versionRecord,
} from './event-file.js';
import type { ImageWriter } from './image-log.js';

/** Options of {@link tensorBoard}. */
export interface TensorBoardOptions {
  /** Writes the numbers of every so manyeth step; 1. */
  everySteps?: number;
  /** Writes histograms of weights and gradients at every so manyeth step; never. */
  histogramsEverySteps?: number;
}

let files = 0;

/**
 * Writes what TensorBoard shows: `tensorboard --logdir runs`. Numbers of steps stand
 * under `training/`, means of epochs under `epoch/`, and with `logImages` it
 * takes pictures too.
 *
 * @param directory of this run; each call of `fit` adds a file
 */
export function tensorBoard(
  directory: string,
  options: TensorBoardOptions = {},
): Callback & ImageWriter {
  const { everySteps = 1, histogramsEverySteps = Number.POSITIVE_INFINITY } = options;
  let descriptor: number | undefined;
  const write = (record: Uint8Array): void => {
    if (descriptor !== undefined) writeSync(descriptor, record);
  };
  return {
    name: `tensorBoard ${directory}`,
    onTrainBegin(run) {
      mkdirSync(directory, { recursive: true });
      const seconds = Math.floor(Date.now() / 1000);
      const file = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}`;
      descriptor = openSync(join(directory, file), 'w');
      write(versionRecord());
      if (run.resumed) write(restartRecord(run.step + 1));
    },
    async onGradients(gradients, run) {
      const step = run.step + 1;
      if (step % histogramsEverySteps !== 0) return;
      for (const [path, gradient] of gradients) {
        write(histogramRecord(step, `gradients/${path}`, await gradient.data<'float32'>()));
      }
      for (const [path, variable] of variablesOf(run.model)) {
        write(histogramRecord(step, `weights/${path}`, await variable.data<'float32'>()));
      }
    },
    onStepEnd({ step, loss, learningRate, metrics }) {
      if (step % everySteps !== 0) return;
      const numbers = Object.entries({ loss, learningRate, ...metrics });
      write(
        scalarsRecord(
          step,
          Object.fromEntries(numbers.map(([name, value]) => [`training/${name}`, value])),
        ),
      );
    },
    onEpochEnd(record) {
      const numbers = Object.entries(numbersOf(record));
      write(
        scalarsRecord(
          record.step,
          Object.fromEntries(numbers.map(([name, value]) => [`epoch/${name}`, value])),
        ),
      );
    },
    writeImage(tag, step, png) {
      write(imageRecord(step, tag, png));
    },
    onTrainEnd() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
