import '@tensorflow/tfjs-backend-cpu';
import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { Module } from './index.js';

tf.env().set('IS_NODE', false);

class Model extends Module {
  readonly conv = layers.conv2d({ filters: 4, kernelSize: 3, strides: 2 });
  readonly norm = layers.batchNormalization();
  readonly up = layers.conv2dTranspose({
    filters: 2,
    kernelSize: 2,
    strides: 2,
  });
  readonly flat = layers.flatten();
  readonly kernel = tf.variable(tf.zeros<tf.Rank.R2>([32, 3]));
  call(image: tf.Tensor4D): tf.Tensor2D {
    let hidden = this.conv.apply(image) as tf.Tensor;
    hidden = this.norm.apply(hidden) as tf.Tensor;
    hidden = this.up.apply(hidden) as tf.Tensor;
    return tf.matMul(this.flat.apply(hidden) as tf.Tensor2D, this.kernel);
  }
}

const image = (): tf.Tensor4D => tf.zeros([1, 5, 5, 1]);

test('tells of each layer its shapes, parameters, bytes and multiply-adds, and the sums', () => {
  const model = new Model();
  model.conv.trainable = false;
  const summary = model.summary(image());
  expect(summary.rows).toEqual([
    // [1,2,2,4] outputs of 3 x 3 x 1 inputs, and so on by hand.
    {
      path: '',
      kind: '',
      outputShapes: [],
      parameters: 96,
      trainableParameters: 96,
      bytes: 384,
      multiplyAdds: 3 * 32,
    },
    {
      path: 'conv',
      kind: 'Conv2D',
      outputShapes: [[1, 2, 2, 4]],
      parameters: 40,
      trainableParameters: 0,
      bytes: 160,
      multiplyAdds: 16 * 9,
    },
    {
      path: 'flat',
      kind: 'Flatten',
      outputShapes: [[1, 32]],
      parameters: 0,
      trainableParameters: 0,
      bytes: 0,
      multiplyAdds: 0,
    },
    {
      path: 'norm',
      kind: 'BatchNormalization',
      outputShapes: [[1, 2, 2, 4]],
      parameters: 16,
      trainableParameters: 8,
      bytes: 64,
      multiplyAdds: 0,
    },
    {
      path: 'up',
      kind: 'Conv2DTranspose',
      outputShapes: [[1, 4, 4, 2]],
      parameters: 34,
      trainableParameters: 34,
      bytes: 136,
      multiplyAdds: 16 * 4 * 2,
    },
  ]);
  expect(summary.totals).toEqual({
    parameters: 186,
    trainableParameters: 138,
    bytes: 744,
    multiplyAdds: 368,
  });
});

test('prints as a table', () => {
  const summary = new Model({ name: 'small' }).summary((model) => model.call(image()));
  expect(`\n${inspect(summary)}\n`).toMatchInlineSnapshot(`
    "
    small
    ───────────────────────────────────────────────────────────────────────────────────────
    path      layer               output        parameters  trainable  bytes  multiply-adds
    ───────────────────────────────────────────────────────────────────────────────────────
    (itself)                                            96        yes  384 B             96
    conv      Conv2D              [1, 2, 2, 4]          40        yes  160 B            144
    flat      Flatten             [1, 32]                0               0 B              0
    norm      BatchNormalization  [1, 2, 2, 4]          16          8   64 B              0
    up        Conv2DTranspose     [1, 4, 4, 2]          34        yes  136 B            128
    ───────────────────────────────────────────────────────────────────────────────────────
    total                                              186        178  744 B            368
    "
  `);
  expect(String(summary)).toBe(inspect(summary));
});

test('without an input tells what it can', () => {
  const model = new Model();
  const summary = model.summary();
  expect(summary.ran).toBe(false);
  expect(summary.rows.map(({ path }) => path)).toEqual(['']);
  expect(String(summary)).not.toContain('multiply-adds');
});

test('leaves nothing behind', () => {
  const model = new Model();
  model.summary(image());
  const before = tf.memory().numTensors;
  const layersBefore = Object.getOwnPropertyNames(model.conv);
  model.summary((m) => m.call(image()));
  expect(tf.memory().numTensors).toBe(before);
  expect(Object.getOwnPropertyNames(model.conv)).toEqual(layersBefore);
  expect(Object.hasOwn(tf.engine(), 'runKernel')).toBe(false);
});

test('counts a recurrent layer under its own name', () => {
  const lstm = layers.lstm({ units: 2, recurrentInitializer: 'zeros' });
  const module = Object.assign(new Module(), { lstm });
  const sequence = tf.zeros([1, 3, 5]);
  const { rows } = module.summary(() => lstm.apply(sequence));
  // Per time step: [1,5] x [5,8] and [1,2] x [2,8].
  expect(rows).toEqual([
    expect.objectContaining({
      path: 'lstm',
      kind: 'LSTM',
      parameters: 64,
      multiplyAdds: 3 * (40 + 16),
      outputShapes: [[1, 2]],
    }),
  ]);
});

test('tells of the layers inside a model, and of products of transposed matrices', () => {
  const net = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
  const kernel = tf.variable(tf.zeros<tf.Rank.R2>([2, 5]));
  const module = Object.assign(new Module(), {
    net,
    part: Object.assign(new Module(), { kernel }),
  });
  const { rows } = module.summary(() =>
    tf.matMul(kernel, net.apply(tf.zeros([7, 3])) as tf.Tensor2D, true, true),
  );
  expect(rows.map(({ path, multiplyAdds }) => [path, multiplyAdds])).toEqual([
    ['net', 0],
    ['net/dense', 7 * 3 * 2],
    ['part', 5 * 2 * 7],
  ]);
});

test('needs to know how to run the module', () => {
  expect(() => Object.assign(new Module(), { a: 1 }).summary(tf.scalar(1))).toThrow(
    'module has no method call(...inputs). Say how to run it',
  );
});
