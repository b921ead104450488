// The right side of docs/from-tensorflow.md, where it is more than the models' classes.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dataset, fromArrays } from '@ae/data';
import { compiled } from '@ae/function';
import { fromKeras } from '@ae/interop';
import { AutoEncoder, meanSquaredError } from '@ae/models';
import type { Module } from '@ae/module';
import { adam, fit as trainModel, valueAndGradients } from '@ae/train';
import { directory } from '@ae/train/node';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { draw, readReference } from './reference.js';
import { builtModel } from './small-auto-encoder.js';

function listVariables(model: Module): void {
  for (const [path, variable] of model.namedVariables()) {
    console.log(path, variable.shape);
  }
}

function lossAndGradients(model: AutoEncoder, image: tf.Tensor4D) {
  return valueAndGradients(() => meanSquaredError(image, model.decode(model.encode(image))), model);
}

class Reconstructor extends AutoEncoder {
  @compiled
  reconstruct(image: tf.Tensor4D): tf.Tensor4D {
    return this.decode(this.encode(image));
  }
}

async function train(model: AutoEncoder, data: Dataset<{ image: tf.Tensor4D }>): Promise<void> {
  const optimizer = adam({ learningRate: 1e-3 });
  for await (const { image } of data.shuffle(0).batch(32).batches(0)) {
    const { value, gradients, dispose } = lossAndGradients(model, image);
    optimizer.apply(gradients, model);
    console.log(value.dataSync()[0]);
    dispose();
    image.dispose();
  }
  optimizer.dispose();
}

async function fitAndSave(
  model: AutoEncoder,
  data: Dataset<{ image: tf.Tensor4D }>,
  folder: string,
) {
  return trainModel({
    model,
    data: data.shuffle(0).batch(32),
    loss: (m: AutoEncoder, { image }) => meanSquaredError(image, m.decode(m.encode(image))),
    optimizer: adam({ learningRate: 1e-3 }),
    steps: 3,
    checkpoint: { store: directory(folder), keep: { last: 3 } },
    resume: true,
  });
}

async function moveWeights(model: Module, bytes: Uint8Array): Promise<void> {
  const rename = { batch_normalization: 'norm', depthwise_conv2d: 'mix' };
  const report = model.loadStateDict(await fromKeras(bytes, model, { rename }));
  console.log(report.loaded.length, 'weights');
}

test('the examples run', async () => {
  const lines: unknown[][] = [];
  jest.spyOn(console, 'log').mockImplementation((...line) => void lines.push(line));
  await useWasm({ threads: 1 });
  const images = draw(0, ['images'], [96, 28, 28, 1], 0, 1);
  const data = fromArrays({ image: { data: images, shape: [28, 28, 1] } });
  const model = new Reconstructor();
  const image = tf.tensor4d(images.subarray(0, 784), [1, 28, 28, 1]);
  const before = model.reconstruct(image);
  expect(before.dataSync()).toEqual(model.reconstruct(image).dataSync());

  listVariables(model);
  expect(lines).toHaveLength(14);
  expect(lines[0]).toEqual(['code/bias', [64]]);

  await train(model, data);
  const losses = lines.slice(14).map(([loss]) => Number(loss));
  expect(losses).toHaveLength(3);
  expect(losses[2]).toBeLessThan(losses[0]!);
  expect(model.reconstruct(image).dataSync()).not.toEqual(before.dataSync());

  const folder = mkdtempSync(join(tmpdir(), 'from-tensorflow-'));
  expect(await fitAndSave(model, data, folder)).toMatchObject({ step: 3 });
  const again = new Reconstructor();
  expect(await fitAndSave(again, data, folder)).toMatchObject({ step: 3 });
  const [ours, theirs] = [model, again].map((m) => tf.tidy(() => m.reconstruct(image).dataSync()));
  expect(theirs).toEqual(ours);
  rmSync(folder, { recursive: true });

  const small = builtModel();
  await moveWeights(small, readReference('small.weights.h5'));
  expect(lines.at(-1)).toEqual([14, 'weights']);
  tf.dispose([image, ...model.variables, ...again.variables, ...small.variables]);
}, 60_000);
