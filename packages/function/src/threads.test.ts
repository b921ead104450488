import '@tensorflow/tfjs-layers';
import { AutoEncoder, meanSquaredError } from '@ae/models';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { compile } from './index.js';

afterAll(() => tf.removeBackend('ae-wasm'));

test('programs on several threads give the bits of one', async () => {
  const train = async (threads: number, isCompiled: boolean) => {
    if (threads > 1) tf.engine().reset();
    await useWasm({ threads });
    const model = new AutoEncoder({ seed: 1 });
    const image = tf.randomUniform([3, 28, 28, 1], 0, 1, 'float32', 5) as tf.Tensor4D;
    model.decode(model.encode(image));
    const optimizer = tf.train.sgd(0.1);
    const step = () =>
      optimizer.minimize(
        () => meanSquaredError(image, model.decode(model.encode(image))),
        true,
        model.trainableVariables,
      )!;
    const run = isCompiled ? compile(step, { strict: true }) : step;
    const losses = [1, 2, 3].map(() => run().dataSync()[0]);
    return { losses, weights: model.variables.map((variable) => variable.dataSync()) };
  };
  const one = await train(1, false);
  expect(await train(1, true)).toEqual(one);
  expect(await train(2, true)).toEqual(one);
}, 60_000);
