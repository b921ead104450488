import { evaluate as evaluateLoss } from '@ae/train';
import { useWasm } from '@ae/wasm';
import type { EvaluateArguments } from './arguments.js';
import { EVALUATION_BATCH, loadDigits } from './digits.js';
import { loadModel, reconstructionLoss } from './model.js';
import { openWeights } from './open-weights.js';
import type { Output } from './output.js';

/** `ae evaluate`: the loss of a checkpoint over all test images. */
export async function evaluate(args: EvaluateArguments, output: Output): Promise<number> {
  const saved = await openWeights(args.checkpoint, output.note);
  const { path } = saved;
  await useWasm();
  const { test } = await loadDigits(args.data ?? saved.data);
  const model = loadModel(saved);
  const data = test.batch(EVALUATION_BATCH);
  const { loss } = await evaluateLoss({ model, data, loss: reconstructionLoss });
  output.result(
    `test loss ${loss} (mean squared error over ${test.length.toLocaleString('en')} images) of ${path}`,
  );
  if (args.json) {
    const { model: name, step, epoch } = saved;
    output.result(
      JSON.stringify({ checkpoint: path, model: name, step, epoch, loss, images: test.length }),
    );
  }
  return 0;
}
