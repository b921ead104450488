import { LayerDict } from '@ae/layer-dict';
import { ema } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers } from '@tensorflow/tfjs-layers';
import { adam, type CheckpointStore, Checkpoints, earlyStopping, fit, memory } from './index.js';
import { type RegressionBatch, regressionData } from './testing/regression.js';

/** Its layers, one of them dropout, are made at the first call; some in the second epoch only. */
class Lazy extends LayerDict {
  predict(x: tf.Tensor2D, training: boolean, late: boolean): tf.Tensor2D {
    let hidden = this.get('hidden', layers.dense, { units: 6, activation: 'tanh' })(x);
    hidden = this.get('dropout', layers.dropout, { rate: 0.3 })(hidden, { training });
    if (late) hidden = this.get('late', layers.dense, { units: 6 })(hidden);
    return this.get('output', layers.dense, { units: 1 })(hidden) as tf.Tensor2D;
  }
}

async function run(store: CheckpointStore, steps: number, resume = false): Promise<void> {
  const model = new Lazy({ seed: 4 });
  await fit({
    model,
    data: regressionData,
    loss: (each, { x, y }: RegressionBatch, { training, epoch }) =>
      tf.mean(tf.squaredDifference(each.predict(x, training, epoch > 0), y)) as tf.Scalar,
    optimizer: adam({ learningRate: 0.01 }),
    steps,
    average: ema(model, 0.9),
    validation: regressionData,
    callbacks: [earlyStopping({ patience: 50 })],
    checkpoint: { store, every: { steps: 1 }, keep: { last: 100 } },
    resume,
  });
}

async function newest(store: CheckpointStore): Promise<unknown> {
  const { tensors, state } = (await new Checkpoints(store).latest())!;
  return { tensors, state };
}

// 8 is the end of an epoch: the checkpoint of that step was made before its validation.
test.each([0, 1, 7, 8, 9, 12, 16])(
  'a lazy model resumes from step %i to the same bytes',
  async (first) => {
    await tf.setBackend('cpu');
    const whole = memory();
    await run(whole, 20);
    const parts = memory();
    await run(parts, first);
    if (first === 8) {
      // Away with what was saved after the epoch's end, as if the process had died before.
      const { checkpoints } = await new Checkpoints(parts).list();
      for (const { name, epoch } of checkpoints) if (epoch > 0) await parts.remove(name);
      expect((await new Checkpoints(parts).latest())?.state).toMatchObject({ epoch: 0, batch: 8 });
    }
    await run(parts, 20, true);
    expect(await newest(parts)).toEqual(await newest(whole));
  },
);
