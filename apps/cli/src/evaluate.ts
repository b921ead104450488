import { evaluate as evaluateLoss } from '@ae/train';
import { useWasm } from '@ae/wasm';
import type { EvaluateArguments } from './arguments.js';
import { EVALUATION_BATCH, loadDigits } from './digits.js';
import { loadModel, reconstructionLoss } from './model.js';
import type { Output } from './output.js';
import { openSavedRun } from './saved-run.js';

/** `ae evaluate`: the loss of a checkpoint over all test images. */
export async function evaluate(args: EvaluateArguments, output: Output): Promise<number> {
  const saved = await openSavedRun(args.checkpoint, output.note);
  const { checkpoint, config, path } = saved;
  await useWasm();
  const { test } = await loadDigits(args.data ?? config.data);
  const model = loadModel(saved);
  const data = test.batch(EVALUATION_BATCH);
  const { loss } = await evaluateLoss({ model, data, loss: reconstructionLoss });
  output.result(
    `test loss ${loss} (mean squared error over ${test.length.toLocaleString('en')} images) of ${path}`,
  );
  if (args.json) {
    const { step, epoch } = checkpoint.info;
    const { model: name } = config;
    output.result(
      JSON.stringify({ checkpoint: path, model: name, step, epoch, loss, images: test.length }),
    );
  }
  return 0;
}
