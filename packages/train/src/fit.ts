import * as tf from '@tensorflow/tfjs-core';
import { type Batch, EpochBatches } from './loop/batches.js';
import { CompiledStep } from './loop/compiled-step.js';
import type { History } from './loop/history.js';
import type { FitOptions } from './loop/options.js';
import { Run } from './loop/run.js';
import { computeStep, type StepResult } from './loop/step.js';
import { eventLoopBreaks } from './loop/yield.js';
import type { VariableSource } from './variables.js';

/** A step's result; with a learning rate, the optimizer has taken it already. */
type TakenStep = StepResult & { learningRate?: number };

/**
 * Trains a model.
 *
 * ```ts
 * const history = await fit({
 *   model,
 *   data: batches,
 *   loss: (model, { image }) => meanSquaredError(image, model.decode(model.encode(image))),
 *   optimizer: adam({ learningRate: 1e-3 }),
 *   epochs: 5,
 * });
 * ```
 *
 * It is made of parts that a loop of one's own can use as well:
 * `valueAndGradients`, `optimizer.apply`, `Mean`, `evaluate`, `Checkpoints`.
 * When it ends, however it ends, no tensors of its own remain.
 *
 * What a backend or model cannot do shows at the first step, before anything has changed: every
 * kernel that is missing is named, and errors of layers tell the layer's path.
 *
 * @throws NonFiniteError when the loss or a gradient becomes NaN or infinite
 * @throws MissingKernelsError when the backend cannot train this model
 * @throws Error from the data, the loss function, a callback, or the last checkpoint's save
 */
export async function fit<M extends VariableSource, B extends Batch>(
  options: FitOptions<M, B>,
): Promise<History> {
  const { model, data, loss, optimizer, average, accumulate = 1 } = options;
  const run = new Run(options);
  const breathe = eventLoopBreaks(() => run.isSaving);
  const compiled = CompiledStep.for(options);
  try {
    await run.begin();
    while (!run.ended) {
      await run.callbacks.onEpochBegin(run);
      const batches = new EpochBatches(data, run.epoch, run.batch);
      try {
        while (!run.ended) {
          const step: TakenStep | undefined = await batches.use(
            accumulate,
            async (group) =>
              (await compiled?.take(group[0]!, run)) ??
              (await computeStep(model, loss, group, run)),
          );
          if (step === undefined) break;
          try {
            const { learningRate = optimizer.learningRate } = step;
            if (step.learningRate === undefined) {
              await run.callbacks.onGradients(step.gradients, run);
              optimizer.apply(step.gradients, model);
            }
            average?.update();
            await run.stepTaken({ ...step, learningRate });
          } finally {
            tf.dispose([...step.gradients.values()]);
          }
          await run.saveIfDue();
          await breathe();
        }
        if (!run.aborted && (await batches.atEnd())) await run.epochTaken();
      } finally {
        await batches.close();
      }
      await run.saveIfDue();
    }
    return await run.finish();
  } finally {
    compiled?.dispose();
    await run.end();
  }
}
