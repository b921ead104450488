import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { Module } from './index.js';

const paths = (module: Module): string[] => [...module.namedVariables().keys()];

test('finds variables in whatever holds them', () => {
  const one = () => tf.variable(tf.scalar(1));
  class Child extends Module {
    private readonly weight = one();
  }
  class Model extends Module {
    readonly list = [one(), [new Child()]];
    readonly record = { b: one(), a: new Child() };
    readonly map = new Map<unknown, unknown>([
      ['m', one()],
      [3, one()],
      [{}, one()],
    ]);
    readonly set = new Set([one()]);
    readonly dense = layers.dense({ units: 2, inputShape: [3] });
    readonly net = sequential({
      layers: [layers.dense({ units: 2, inputShape: [3] }), layers.dense({ units: 1 })],
    });
    readonly rnn = layers.bidirectional({
      layer: layers.lstm({ units: 2, recurrentInitializer: 'zeros' }) as never,
      mergeMode: 'concat',
    });
    get trap(): never {
      throw new Error('a getter ran');
    }
    readonly self = this;
  }
  const model = new Model();
  model.dense.apply(tf.zeros([1, 3]));
  model.rnn.apply(tf.zeros([1, 3, 2]));
  expect(paths(model)).toMatchInlineSnapshot(`
    [
      "dense/bias",
      "dense/kernel",
      "list/0",
      "list/1/0/weight",
      "map/2",
      "map/3",
      "map/m",
      "net/dense/bias",
      "net/dense/kernel",
      "net/dense_1/bias",
      "net/dense_1/kernel",
      "record/a/weight",
      "record/b",
      "rnn/backward/bias",
      "rnn/backward/kernel",
      "rnn/backward/recurrent_kernel",
      "rnn/forward/bias",
      "rnn/forward/kernel",
      "rnn/forward/recurrent_kernel",
      "set/0",
    ]
  `);
  expect(model.submodules).toHaveLength(2);
});
