import { adam, fit } from '@ae/train';
import type * as tf from '@tensorflow/tfjs-core';
import type { Prepared } from './case.js';
import { type Coder, reconstructionLoss } from './models/model.js';

/**
 * The steps of a training run by `fit`, one at a time: everything that a user's step takes, with
 * Adam and the loss read.
 *
 * @param compile whether a step is one program; where it cannot be, the first step fails
 */
export function trainingSteps(model: Coder, image: tf.Tensor, compile: boolean): Prepared {
  const stop = new AbortController();
  let training: Promise<unknown> | undefined;
  let goOn: () => void = () => {};
  let finished: () => void = () => {};
  const start = () =>
    fit({
      model,
      data: function* () {
        for (;;) yield { image: image.clone() };
      },
      loss: (coder, batch) => reconstructionLoss(coder, batch.image),
      optimizer: adam({ learningRate: 1e-3 }),
      steps: Number.MAX_SAFE_INTEGER,
      signal: stop.signal,
      compile,
      leakCheck: false,
      callbacks: [
        {
          name: 'gate',
          onStepEnd: () => {
            const gate = new Promise<void>((resolve) => {
              goOn = resolve;
            });
            finished();
            return gate;
          },
        },
      ],
    });
  return {
    run: () => {
      const step = new Promise<void>((resolve) => {
        finished = resolve;
      });
      if (training) goOn();
      else training = start();
      return Promise.race([step, training]) as Promise<void>;
    },
    dispose: async () => {
      stop.abort();
      goOn();
      await training;
      model.dispose();
      image.dispose();
    },
  };
}
