import { join } from 'node:path';
import { adam, fit } from '@ae/train';
import { directory } from '@ae/train/node';
import { type BackendInfo, useWasm } from '@ae/wasm';
import type { TrainArguments } from './arguments.js';
import { EVALUATION_BATCH, loadDigits } from './digits.js';
import { listenForInterrupt } from './interrupt.js';
import { lossChart } from './loss-chart.js';
import { MetricsLog } from './metrics-log.js';
import { createModel, reconstructionLoss } from './model.js';
import type { Output } from './output.js';
import { progress } from './progress.js';
import { reconstructionsPicture } from './reconstructions.js';
import { resumeCommand } from './resume-hint.js';
import { inspectRunFolder, openRunFolder, putAside, RUN_FILES, replaceFile } from './run-folder.js';
import { goalOf, planRun, type RunPlan } from './run-plan.js';
import { BROKEN_PIPE, whenUnread } from './standard-streams.js';
import { StepClock } from './step-clock.js';
import { summarize, summaryLines } from './summary.js';
import { UsageError } from './usage-error.js';

/** How many test images the picture shows. */
const PICTURE_COUNT = 16;

/**
 * `ae train`. Nothing is written or moved before everything that can be checked
 * has been found good.
 *
 * @returns the exit code
 */
export async function train(args: TrainArguments, output: Output): Promise<number> {
  const { out } = args;
  const found = args.resume ? undefined : await inspectRunFolder(out);
  const plan = await planRun(args);
  const { config } = plan;
  const backend = await useWasm();
  const { train: images, test } = await loadDigits(config.data);
  if (config.batchSize > images.length) {
    throw new UsageError(
      `--batch-size ${config.batchSize} is more than the ${images.length} training images`,
    );
  }
  const data = images.shuffle(config.seed).batch(config.batchSize);
  const goal = goalOf(plan, data.batchesPerEpoch);
  const model = createModel(config.model, config.seed);

  if (found === 'holds a run') {
    output.note(`The earlier run in ${out} is now in ${await putAside(out)}`);
  }
  await using _folder = await openRunFolder(out);
  using log = await MetricsLog.open(join(out, RUN_FILES.metrics), plan.startStep);
  output.note(beginning(plan, images.length, goal.totalSteps, backend));

  const clock = new StepClock();
  const display = progress({ stream: process.stderr, clock, ...goal });
  using interrupt = listenForInterrupt(() =>
    display.note('Saving a checkpoint; Ctrl-C again quits without'),
  );
  using _unread = whenUnread(() => interrupt.stop(BROKEN_PIPE));
  let checkpoint = plan.resumedFrom ?? '';
  const history = await fit({
    model,
    data,
    loss: reconstructionLoss,
    optimizer: adam({ learningRate: config.learningRate }),
    steps: goal.totalSteps,
    validation: test.batch(EVALUATION_BATCH),
    callbacks: [
      clock,
      log,
      display,
      {
        name: 'saved',
        onCheckpoint({ name }) {
          checkpoint = join(out, RUN_FILES.checkpoints, name);
        },
      },
    ],
    checkpoint: {
      store: directory(join(out, RUN_FILES.checkpoints)),
      every: args.checkpointEvery,
      keep: { last: 3, best: 1 },
      config: { ...config },
    },
    resume: args.resume,
    seed: config.seed,
    signal: interrupt.signal,
  });
  if (interrupt.exitCode !== undefined) {
    output.note(`Stopped after step ${history.step} of ${goal.totalSteps}; saved ${checkpoint}`);
    output.note(`Go on with:  ${resumeCommand(out)}`);
    return interrupt.exitCode;
  }

  log.addFinal(history);
  const picture = await reconstructionsPicture(model, test, PICTURE_COUNT);
  await replaceFile(join(out, RUN_FILES.picture), picture);
  await replaceFile(join(out, RUN_FILES.chart), chartOf(config.model, log));
  const summary = summarize({ backend, config, history, clock, out });
  for (const line of summaryLines(summary, test.length, checkpoint)) output.result(line);
  if (args.json) output.result(JSON.stringify(summary));
  return 0;
}

function beginning(plan: RunPlan, images: number, steps: number, backend: BackendInfo): string {
  const { startStep, config } = plan;
  if (startStep === steps) {
    return `All ${steps} steps were taken already; give --epochs or --steps to go on`;
  }
  const begins = startStep > 0 ? `Going on after step ${startStep} with` : 'Training';
  const { threads, relaxedSimd } = backend;
  return (
    `${begins} ${config.model} on ${images.toLocaleString('en')} images: ` +
    `${steps.toLocaleString('en')} steps of ${config.batchSize}, seed ${config.seed}, ` +
    `WASM with ${relaxedSimd ? 'relaxed SIMD' : 'SIMD'}, ${threads} thread${threads === 1 ? '' : 's'}`
  );
}

function chartOf(model: string, log: MetricsLog): string {
  const points = (key: 'loss' | 'validationLoss'): { step: number; loss: number }[] =>
    log.lines.flatMap((line) => {
      const loss = line[key];
      return typeof loss === 'number' ? [{ step: line.step, loss }] : [];
    });
  return lossChart({
    title: `${model}: reconstruction loss (mean squared error)`,
    training: points('loss'),
    validation: points('validationLoss'),
  });
}
