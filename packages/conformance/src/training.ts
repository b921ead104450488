import { mnist } from '@ae/data/node';
import { AutoEncoder, meanSquaredError } from '@ae/models';
import { adam, adamW, type Optimizer, sgd, fit as train } from '@ae/train';
import * as tf from '@tensorflow/tfjs-core';
import { type Build, onBackend } from './backends.js';
import { initialValue, start } from './essay-weights.js';
import { expectClose, expectWithin, norm } from './measure.js';
import { readJson } from './reference.js';

interface Run {
  readonly losses: readonly number[];
  readonly end: Readonly<Record<string, { norm: number; moved: number; sample: number[] }>>;
}

const expected = readJson<Record<string, Run>>('training');

/** The same settings as in `reference/training.py`. */
const OPTIMIZERS: Record<string, () => Optimizer> = {
  adam: () => adam({ learningRate: 1e-3 }),
  sgd: () => sgd({ learningRate: 0.5 }),
  momentum: () => sgd({ learningRate: 0.05, momentum: 0.9 }),
  nesterov: () => sgd({ learningRate: 0.05, momentum: 0.9, nesterov: true }),
  adamw: () => adamW({ learningRate: 1e-3, weightDecay: 0.01 }),
};

/**
 * Trains the essay's auto-encoder with each of these optimizers, and compares every loss
 * and the weights at the end. One file for each build calls it, so that they run side by side.
 */
export function compareTraining(build: Build, names: readonly string[]): void {
  onBackend(build, () => {
    test.each(names)(
      '%s takes the steps that Keras takes',
      async (name) => {
        const { losses: reference, end } = expected[name]!;
        const digits = (await mnist()).train;
        const model = new AutoEncoder();
        start(model);
        const losses: number[] = [];
        await train({
          model,
          data: digits.batch(32),
          loss: (m: AutoEncoder, { image }) => meanSquaredError(image, m.decode(m.encode(image))),
          optimizer: OPTIMIZERS[name]!(),
          steps: reference.length,
          callbacks: [{ name: 'losses', onStepEnd: ({ loss }) => void losses.push(loss) }],
        });

        expect(losses).toHaveLength(reference.length);
        for (const [step, loss] of losses.entries()) {
          const error = Math.abs(loss - reference[step]!) / reference[step]!;
          expectWithin(`loss at each of ${reference.length} steps, ${name}`, error, 1e-4);
        }
        for (const [path, variable] of model.namedVariables()) {
          const { norm: size, moved, sample } = end[path]!;
          const value = variable.dataSync();
          const start = initialValue(path, variable.shape).data;
          const kind = `weights after ${reference.length} steps, ${name}`;
          expectWithin(`${kind}: norm`, Math.abs(norm(value) - size) / size, 1e-4);
          const change = norm(Float32Array.from(value, (x, i) => x - start[i]!));
          expectWithin(`${kind}: norm of the change`, Math.abs(change - moved) / moved, 1e-3);
          const stride = Math.max(1, Math.floor(value.length / 64));
          const picked = Array.from({ length: sample.length }, (_, i) => value[i * stride]!);
          expectClose(`${kind}: 64 elements of each`, picked, sample, 1e-3);
        }
        tf.dispose(model.variables);
      },
      60_000,
    );
  });
}
