import '@tensorflow/tfjs-backend-cpu';
import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { audit, LayerDict, layer } from './index.js';

tf.env().set('IS_NODE', false);

const x = tf.ones<tf.Rank.R2>([2, 3]);

class Model extends LayerDict {
  readonly forgotten = layer(layers.dense, { units: 1 });
  readonly unusedVariable = tf.variable(tf.scalar(1));
  loss(): tf.Scalar {
    const hidden = this.get('used', layers.dense, { units: 2 })(x);
    const cut = this.get('cut', layers.dense, { units: 2 })(x);
    return tf.mean(tf.add(hidden, tf.tensor2d(cut.arraySync() as number[][])));
  }
}

const sgd = tf.train.sgd(0.1);

test('a step that uses everything has nothing to report', () => {
  const dict = new LayerDict();
  const loss = (): tf.Scalar => tf.mean(dict.get('a', layers.dense, { units: 1 })(x));
  loss();
  const report = audit(dict, () => sgd.minimize(loss, true, dict.trainableVariables));
  expect({ ...report, toString: undefined }).toEqual({
    uncalled: [],
    withoutGradient: [],
    notOwned: [],
    deferred: [],
    toString: undefined,
  });
  expect(String(report)).toBe('everything is used');
});

test('names layers never called, variables without a gradient, and those not owned', () => {
  const model = new Model();
  model.loss();
  const owned = model.trainableVariables.filter((each) => each !== model.variable('used/bias'));
  model.loadStateDict(
    new Map([['later/bias', { dtype: 'float32', shape: [1], data: new Float32Array(1) }]]),
    { partial: true },
  );
  const before = tf.memory().numTensors;
  const report = audit(model, () => {
    const { value, grads } = tf.variableGrads(() => model.loss(), model.trainableVariables);
    for (const variable of owned) {
      const gradient = grads[variable.name];
      if (gradient) tf.tidy(() => variable.assign(tf.sub(variable, gradient)));
    }
    tf.dispose(grads);
    return value;
  });
  expect(tf.memory().numTensors).toBe(before);
  expect(report).toMatchObject({
    uncalled: ['forgotten'],
    withoutGradient: ['cut/bias', 'cut/kernel', 'unusedVariable'],
    notOwned: ['used/bias'],
    deferred: ['later/bias'],
  });
  expect(String(report)).toBe(
    [
      'layers never called: forgotten',
      'variables without a gradient: cut/bias, cut/kernel, unusedVariable',
      'variables that the optimizer does not own: used/bias',
      'loaded values that nothing has claimed: later/bias',
    ].join('\n'),
  );
});

test('runs again when the first step makes layers; works for promises', async () => {
  const model = new Model();
  let runs = 0;
  const step = (): void => {
    runs++;
    tf.tidy(() => void model.loss());
    sgd.minimize(() => model.loss(), false, model.trainableVariables);
  };
  expect(audit(model, step).withoutGradient).toEqual(['cut/bias', 'cut/kernel', 'unusedVariable']);
  expect(runs).toBe(2);
  const report = await audit(model, async () => {
    await Promise.resolve();
    step();
  });
  expect(report.uncalled).toEqual(['forgotten']);
});

test('frozen variables are not expected to have gradients', () => {
  const model = new Model();
  model.loss();
  model.freeze('cut');
  model.freeze('unusedVariable');
  const report = audit(model, () =>
    sgd.minimize(() => model.loss(), false, model.trainableVariables),
  );
  expect(report.withoutGradient).toEqual([]);
});

test('wants a whole step, and leaves nothing behind when the step fails', async () => {
  const model = new Model();
  expect(() => audit(model, () => model.loss())).toThrow('the step computed no gradient');
  const stop = (): never => {
    throw new Error('stop');
  };
  expect(() => audit(model, stop)).toThrow('stop');
  await expect(audit(model, async () => stop())).rejects.toThrow('stop');
  expect(Object.hasOwn(tf.engine(), 'gradients')).toBe(false);
});

test('finds the layers of plain modules too', () => {
  const model = Object.assign(new Module(), {
    a: layers.dense({ units: 1 }),
    b: layers.dense({ units: 1 }),
  });
  const loss = (): tf.Scalar => tf.mean(model.a.apply(x) as tf.Tensor);
  loss();
  expect(audit(model, () => sgd.minimize(loss, false, model.trainableVariables)).uncalled).toEqual([
    'b',
  ]);
});
