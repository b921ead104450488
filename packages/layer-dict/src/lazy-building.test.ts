import '@tensorflow/tfjs-backend-cpu';
import { Module, type TensorValue } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { LayerDict, layer } from './index.js';

tf.env().set('IS_NODE', false);

const x = tf.ones<tf.Rank.R2>([2, 3]);

class Net extends LayerDict {
  call(input: tf.Tensor2D): tf.Tensor2D {
    const hidden = this.get('one', layers.dense, { units: 4, activation: 'tanh' })(input);
    return this.get('two', layers.dense, { units: 1 })(hidden);
  }
}

/** The loss, and the gradients of variables that may only be made while it is computed. */
function gradients(model: Module, loss: () => tf.Scalar): Map<string, tf.Tensor> {
  const placeholder = tf.scalar(0);
  const list: tf.Tensor[] = [placeholder];
  const { value, grads } = tf.engine().gradients(
    () => {
      const scalar = loss();
      list.splice(0, 1, ...model.trainableVariables);
      return scalar;
    },
    list,
    undefined,
    true,
  );
  tf.dispose([value, placeholder]);
  return new Map([...model.namedVariables().keys()].map((path, i) => [path, grads[i]!]));
}

describe('variables made on first use', () => {
  test('survive tf.tidy, and nothing else does', () => {
    const model = new Net();
    const before = tf.memory().numTensors;
    tf.tidy(() => void model.call(x));
    expect(tf.memory().numTensors - before).toBe(model.variables.length);
    const first = tf.tidy(() => model.call(x).dataSync());
    expect(tf.tidy(() => model.call(x).dataSync())).toEqual(first);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('have gradients in that same step, equal to those of a model that was built before', () => {
    const [lazy, built] = [new Net(), new Net()];
    tf.tidy(() => void built.call(x));
    const before = tf.memory().numTensors;
    const [fresh, known] = [lazy, built].map((model) =>
      gradients(model, () => tf.mean(tf.square(model.call(x)))),
    );
    expect([...fresh!.keys()]).toEqual(['one/bias', 'one/kernel', 'two/bias', 'two/kernel']);
    for (const [path, gradient] of fresh!) {
      expect(gradient.dataSync()).toEqual(known!.get(path)!.dataSync());
      expect(Math.max(...gradient.dataSync().map(Math.abs))).toBeGreaterThan(0);
    }
    tf.dispose([...fresh!.values(), ...known!.values()]);
    // Only the variables of the lazy model are new.
    expect(tf.memory().numTensors - before).toBe(4);
  });

  test('and the constants of modules made on first use survive too', () => {
    class Positions extends Module {
      readonly table = tf.range(0, 3);
      call(input: tf.Tensor2D): tf.Tensor2D {
        return tf.add(input, this.table);
      }
    }
    const dict = new LayerDict();
    for (let i = 0; i < 2; i++) {
      expect(
        tf.tidy(() => Array.from(dict.get('positions', Positions).call(x).dataSync())),
      ).toEqual([1, 2, 3, 1, 2, 3]);
    }
  });

  test('are trained from then on', () => {
    const model = new Net();
    tf.tidy(() => void model.call(x));
    const start = model.stateDict();
    const optimizer = tf.train.sgd(0.1);
    const loss = (): tf.Scalar => tf.mean(tf.squaredDifference(model.call(x), 1));
    optimizer.minimize(loss, false, model.trainableVariables);
    for (const [path, value] of model.stateDict()) expect(value).not.toEqual(start.get(path));
  });

  test('get their loaded values before they are used', () => {
    const [from, to] = [new Net({ seed: 1 }), new Net({ seed: 2 })];
    const wanted = from.call(x).dataSync();
    const outer = Object.assign(new Module(), { inner: to });
    const state = new Map([...from.stateDict()].map(([path, value]) => [`inner/${path}`, value]));
    expect(outer.loadStateDict(state).deferred).toHaveLength(4);
    expect(to.call(x).dataSync()).toEqual(wanted);
    expect(outer.deferredPaths).toEqual([]);
  });

  test('what nothing claims stays listed; what no layer can claim is unexpected', () => {
    const model = new Net();
    const value: TensorValue = { dtype: 'float32', shape: [1], data: new Float32Array(1) };
    model.call(x);
    const state = model.stateDict();
    state.set('tow/bias', value);
    const report = model.loadStateDict(state);
    expect(report.deferred).toEqual(['tow/bias']);
    expect(model.deferredPaths).toEqual(['tow/bias']);
    state.set('two/bais', value);
    expect(() => model.loadStateDict(state)).toThrow('two/bais');
    state.delete('two/bais');
    state.delete('two/bias');
    expect(() => model.loadStateDict(state)).toThrow("two/bias (did you mean 'tow/bias'?)");
  });

  test('a loaded value of another shape is refused where the layer is made', () => {
    const model = new Net();
    const value: TensorValue = { dtype: 'float32', shape: [2], data: new Float32Array(2) };
    model.loadStateDict(new Map([['one/bias', value]]));
    expect(() => model.call(x)).toThrow(
      "The loaded value of 'one/bias' is float32 [2], but the variable made now is float32 [4]. (in 'one')",
    );
  });

  test('are frozen when that was asked for before', () => {
    const model = Object.assign(new Module(), { net: new Net() });
    model.freeze('net/one');
    model.net.call(x);
    const trained = new Set(model.trainableVariables);
    const frozen = [...model.namedVariables()].filter(([, each]) => !trained.has(each));
    expect(frozen.map(([path]) => path)).toEqual(['net/one/bias', 'net/one/kernel']);
  });

  test('have names that tfjs does not refuse, for several models and strange paths', () => {
    const models = [new Net(), new Net()];
    for (const model of models) model.call(x);
    const [name] = models.map((model) => model.variable('two/kernel').name);
    expect(name).toMatch(/two(_\d+)?\/kernel$/);
    tf.variable(tf.scalar(1), true, 'mine/kernel');
    const dict = new LayerDict();
    dict.get('mine', layers.dense, { units: 1 })(x);
    dict.get('_größe', layers.dense, { units: 1 })(x);
    expect(dict.variables).toHaveLength(4);
  });
});

test('two modules may share one layer, which belongs to both', () => {
  const shared = layer(layers.dense, { units: 1 });
  const [a, b] = [
    Object.assign(new Module(), { x: shared }),
    Object.assign(new Module(), { y: shared }),
  ];
  const model = Object.assign(new Module(), { a, b });
  shared(x);
  expect([...model.namedVariables().keys()]).toEqual(['a/x/bias', 'a/x/kernel']);
  expect(b.variables).toEqual(a.variables);
  b.freeze();
  expect(model.trainableVariables).toEqual([]);
});

test('summary tells of the layers made by name', () => {
  const model = new Net({ name: 'net' });
  const { rows, totals } = model.summary(x);
  expect(
    rows.map(({ path, kind, outputShapes, multiplyAdds }) => [
      path,
      kind,
      outputShapes,
      multiplyAdds,
    ]),
  ).toEqual([
    ['one', 'Dense', [[2, 4]], 2 * 3 * 4],
    ['two', 'Dense', [[2, 1]], 2 * 4],
  ]);
  expect(totals.parameters).toBe(3 * 4 + 4 + 4 + 1);
});
