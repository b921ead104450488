import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { Module, type PathPattern } from './index.js';

tf.env().set('IS_NODE', false);

const one = (): tf.Variable => tf.variable(tf.scalar(1));

function model() {
  const part = () => Object.assign(new Module(), { kernel: one(), bias: one() });
  const encoder = Object.assign(new Module(), { enc1: part(), enc2: part() });
  return Object.assign(new Module(), {
    encoder,
    head: part(),
    count: tf.variable(tf.scalar(0), false),
  });
}

const trainable = (module: Module): string[] => {
  const trained = new Set(module.trainableVariables);
  return [...module.namedVariables()].filter(([, v]) => trained.has(v)).map(([path]) => path);
};

test.each<[PathPattern | undefined, string[]]>([
  [undefined, []],
  ['encoder', ['head/bias', 'head/kernel']],
  ['encoder/enc1', ['encoder/enc2/bias', 'encoder/enc2/kernel', 'head/bias', 'head/kernel']],
  ['enc*', ['head/bias', 'head/kernel']],
  [
    '*/bias',
    [
      'encoder/enc1/bias',
      'encoder/enc1/kernel',
      'encoder/enc2/bias',
      'encoder/enc2/kernel',
      'head/kernel',
    ],
  ],
  ['**/bias', ['encoder/enc1/kernel', 'encoder/enc2/kernel', 'head/kernel']],
  [/enc2|head/g, ['encoder/enc1/bias', 'encoder/enc1/kernel']],
  [
    (path, v) => v.rank === 0 && path.startsWith('h'),
    ['encoder/enc1/bias', 'encoder/enc1/kernel', 'encoder/enc2/bias', 'encoder/enc2/kernel'],
  ],
])('freeze(%p) leaves %p', (pattern, left) => {
  const module = model();
  const all = trainable(module);
  const changed = module.freeze(pattern);
  expect(trainable(module)).toEqual(left);
  expect([...changed, ...left].sort()).toEqual(all);
  expect(module.freeze(pattern)).toEqual([]);
  expect(module.unfreeze().sort()).toEqual([...changed].sort());
  expect(trainable(module)).toEqual(all);
  expect(module.nonTrainableVariables).toEqual([module.count]);
});

test('a path of nothing is refused, with the nearest one', () => {
  const module = Object.assign(model(), { late: layers.dense({ units: 1 }) });
  expect(() => module.freeze('encodr')).toThrow(
    "There is nothing at 'encodr' to freeze or unfreeze, and nothing can be made there. Did you mean 'encoder'?",
  );
  expect(() => module.unfreeze('x')).toThrow("nothing at 'x'");
  expect(module.freeze('encodr*')).toEqual([]);
  expect(module.freeze('late/kernel')).toEqual([]);
});

test('the last word counts', () => {
  const module = model();
  module.freeze();
  module.unfreeze('head');
  expect(trainable(module)).toEqual(['head/bias', 'head/kernel']);
});

test('holds for every module that shares the variable, and for tfjs itself', () => {
  const module = model();
  const other = Object.assign(new Module(), { shared: module.head });
  module.freeze('head');
  expect(other.trainableVariables).toEqual([]);
  const optimizer = tf.train.sgd(1);
  optimizer.minimize(
    () => tf.add(tf.mul(module.head.kernel, 2), module.encoder.enc1.kernel) as tf.Scalar,
    false,
    module.variables,
  );
  expect(module.head.kernel.dataSync()[0]).toBe(1);
  expect(module.encoder.enc1.kernel.dataSync()[0]).toBe(0);
});

test('also freezes what is made later, but leaves it alone afterwards', () => {
  const module = Object.assign(new Module(), { late: layers.dense({ units: 1 }), early: one() });
  expect(module.freeze('late')).toEqual([]);
  module.late.apply(tf.zeros([1, 1]));
  expect([
    module.variable('late/kernel').trainable,
    module.variable('late/bias').trainable,
  ]).toEqual([false, false]);
  expect(module.trainableVariables).toEqual([module.early]);
  module.variable('late/bias').trainable = true;
  expect(module.trainableVariables).toHaveLength(2);
});
