import { join } from 'node:path';
import type { History } from '@ae/train';
import type { BackendInfo } from '@ae/wasm';
import { shortLoss } from './progress-line.js';
import { RUN_FILES } from './run-folder.js';
import type { RunConfig } from './saved-run.js';
import type { StepClock } from './step-clock.js';

/** What `ae train --json` prints. Numbers that do not exist are null there. */
export interface Summary {
  backend: string;
  simd: boolean;
  relaxedSimd: boolean;
  threads: number;
  model: string;
  /** Taken in all, also before a resume. */
  steps: number;
  /** Completed in all. */
  epochs: number;
  /** The mean over the steps of the last epoch. */
  loss: number;
  /** Over all test images, at the end. */
  validationLoss: number;
  /** The median, set-up excluded. */
  msPerStep: number;
  imagesPerSecond: number;
  seed: number;
  out: string;
}

export function summarize(run: {
  backend: BackendInfo;
  config: RunConfig;
  history: History;
  clock: StepClock;
  out: string;
}): Summary {
  const { backend, simd, relaxedSimd, threads } = run.backend;
  const { model, seed } = run.config;
  return {
    backend,
    simd,
    relaxedSimd,
    threads,
    model,
    steps: run.history.step,
    epochs: run.history.epochs.length,
    loss: run.history.loss,
    validationLoss: run.history.validation?.loss ?? Number.NaN,
    msPerStep: Number(run.clock.medianMsPerStep().toFixed(2)),
    imagesPerSecond: Math.round(run.clock.imagesPerSecond()),
    seed,
    out: run.out,
  };
}

/** The lines for a person: how it went, and what was written. */
export function summaryLines(summary: Summary, testImages: number, checkpoint: string): string[] {
  const { model, steps, loss, validationLoss, msPerStep, imagesPerSecond, out } = summary;
  const speed = Number.isNaN(msPerStep)
    ? []
    : [`${msPerStep} ms a step, ${imagesPerSecond.toLocaleString('en')} images/s`];
  return [
    `${model} after ${steps.toLocaleString('en')} steps: loss ${shortLoss(loss)}, ` +
      `validation loss ${shortLoss(validationLoss)} on ${testImages.toLocaleString('en')} test images`,
    ...speed,
    ...[
      checkpoint,
      ...[RUN_FILES.metrics, RUN_FILES.picture, RUN_FILES.chart].map((name) => join(out, name)),
    ].map((path) => `wrote ${path}`),
  ];
}
