import { adam, fit, type VariableSource } from '@ae/train';
import type * as tf from '@tensorflow/tfjs-core';
import type { Prepared } from './case.js';

/**
 * The steps of a training run by `fit`, one at a time: everything that a user's step takes, with
 * Adam and the loss read.
 */
export function trainingSteps<M extends VariableSource>(
  model: M,
  image: tf.Tensor,
  loss: (model: M, image: tf.Tensor) => tf.Scalar,
): Prepared {
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
      loss: (m, batch) => loss(m, batch.image),
      optimizer: adam({ learningRate: 1e-3 }),
      steps: Number.MAX_SAFE_INTEGER,
      signal: stop.signal,
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
      image.dispose();
    },
  };
}
