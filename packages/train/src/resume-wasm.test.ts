import { LazyAutoEncoder, meanSquaredError } from '@ae/models';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { sha256 } from './checkpoint/manifest.js';
import { adam, type CheckpointStore, Checkpoints, fit, memory } from './index.js';

const data = {
  batchesPerEpoch: 4,
  *batches(epoch: number, startBatch = 0): Generator<{ image: tf.Tensor4D }> {
    for (let batch = startBatch; batch < 4; batch++) {
      const shape: [number, number, number, number] = [batch === 3 ? 3 : 8, 28, 28, 1];
      yield { image: tf.randomUniform(shape, 0, 1, 'float32', 1 + epoch * 4 + batch) };
    }
  },
};

async function run(store: CheckpointStore, steps: number, compile: boolean, resume = false) {
  const model = new LazyAutoEncoder({ seed: 1 });
  const before = tf.memory().numTensors;
  const history = await fit({
    model,
    data,
    loss: (each, { image }, { random, training }) => {
      const noise = random.normal('noise', image.shape, 0, 0.1);
      const input = training ? tf.add(image, noise) : image;
      return meanSquaredError(image, each.decode(each.encode(input as tf.Tensor4D)));
    },
    optimizer: adam(),
    steps,
    compile,
    validation: data,
    checkpoint: { store },
    resume,
  });
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return history;
}

/** The sums of the files of the newest checkpoint but its manifest, which holds the time. */
async function newest(store: CheckpointStore): Promise<[string, string][]> {
  const { name } = (await new Checkpoints(store).latest())!.info;
  const files = (await store.files(name)).filter((file) => file !== 'manifest.json');
  return Promise.all(files.map(async (file) => [file, await sha256(await store.read(name, file))]));
}

test('on ae-wasm, compiled or not, resumed or not, a run gives the same bytes', async () => {
  await useWasm();
  const [whole, parts, eager] = [memory(), memory(), memory()];
  await run(whole, 14, true);
  await run(parts, 6, true);
  await run(parts, 14, true, true);
  await run(eager, 14, false);
  expect(await newest(parts)).toEqual(await newest(whole));
  expect(await newest(eager)).toEqual(await newest(whole));
});
