import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import {
  announceVariables,
  describeLoad,
  type LoadOptions,
  LoadStateError,
  Module,
  nearestName,
  type StateDict,
  type Trackable,
} from './index.js';

tf.env().set('IS_NODE', false);

class Affine extends Module {
  readonly kernel = tf.variable(tf.tensor2d([[1, 2]]));
  readonly bias = tf.variable(tf.tensor1d([3, 4]));
}

class Model extends Module {
  readonly encoder = new Affine();
  readonly decoder = new Affine();
}

/** Makes its variable late, as a lazy layer does. */
class Late extends Module {
  weight: tf.Variable | undefined;
  mayMake(path: string): boolean {
    return !this.weight && path === 'weight';
  }
  use(shape: number[] = [2]): tf.Variable {
    if (!this.weight) {
      this.weight = tf.variable(tf.zeros(shape));
      announceVariables(this);
    }
    return this.weight;
  }
}

const filled = (module: Module, value: number): StateDict => {
  const state = module.stateDict();
  for (const { data } of state.values()) data.fill(value);
  return state;
};

function refusal(module: Module, state: StateDict, options?: LoadOptions): LoadStateError {
  try {
    module.loadStateDict(state, options);
  } catch (error) {
    if (error instanceof LoadStateError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('stateDict', () => {
  test('copies values by path, of every dtype that can be saved', () => {
    class Mixed extends Module {
      readonly count = tf.variable(tf.scalar(7, 'int32'));
      readonly flag = tf.variable(tf.tensor1d([true, false], 'bool'));
    }
    const module = new Mixed();
    const state = module.stateDict();
    expect([...state]).toEqual([
      ['count', { dtype: 'int32', shape: [], data: Int32Array.of(7) }],
      ['flag', { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) }],
    ]);
    state.get('count')!.data[0] = 8;
    expect(module.count.dataSync()[0]).toBe(7);
    module.loadStateDict(state);
    expect(module.count.dataSync()[0]).toBe(8);
  });

  test('refuses what cannot be saved', () => {
    const module = Object.assign(new Module(), { text: tf.variable(tf.tensor(['a'])) });
    expect(() => module.stateDict()).toThrow("'text' has dtype string");
  });
});

describe('loadStateDict', () => {
  test('assigns everything and reports it, without leaking', () => {
    const model = new Model();
    const state = filled(model, 9);
    const before = tf.memory().numTensors;
    const report = model.loadStateDict(state);
    expect(tf.memory().numTensors).toBe(before);
    expect(report.loaded).toEqual([
      'decoder/bias',
      'decoder/kernel',
      'encoder/bias',
      'encoder/kernel',
    ]);
    expect(model.stateDict()).toEqual(state);
  });

  test('names what is missing, unexpected and of another shape, and assigns nothing', () => {
    const model = new Model();
    const state = filled(model, 9);
    state.set('encoder.kernal', state.get('encoder/kernel')!);
    state.delete('encoder/kernel');
    state.set('decoder/bias', { dtype: 'float32', shape: [3], data: new Float32Array(3) });
    const before = model.stateDict();
    const { report, message } = refusal(model, state);
    expect(report.missing).toEqual(['encoder/kernel']);
    expect(report.unexpected).toEqual(['encoder.kernal']);
    expect(report.mismatched).toEqual([
      {
        path: 'decoder/bias',
        expected: { shape: [2], dtype: 'float32' },
        actual: { shape: [3], dtype: 'float32' },
      },
    ]);
    expect(report.suggestions.get('encoder.kernal')).toBe('encoder/kernel');
    expect(message).toBe(
      [
        'loadStateDict: the state does not fit the module; nothing was assigned.',
        'Without a value (allow it with { partial: true }):',
        "  encoder/kernel (did you mean 'encoder.kernal'?)",
        'Without a variable (allow it with { strict: false }):',
        "  encoder.kernal (did you mean 'encoder/kernel'?)",
        'Of another shape or dtype:',
        '  decoder/bias: the variable is float32 [2], the value float32 [3]',
        'Fitting: 2',
      ].join('\n'),
    );
    expect(model.stateDict()).toEqual(before);
  });

  test('another dtype does not fit, and a wrong length is refused', () => {
    const model = new Affine();
    const state = model.stateDict();
    state.set('bias', { dtype: 'int32', shape: [2], data: new Int32Array(2) });
    expect(refusal(model, state, { strict: false }).report.mismatched).toHaveLength(1);
    state.set('bias', { dtype: 'float32', shape: [2], data: new Float32Array(3) });
    expect(() => model.loadStateDict(state)).toThrow(
      "'bias' has 3 numbers, but its shape [2] needs 2.",
    );
  });

  test('partial accepts missing values, strict: false unexpected ones as well', () => {
    const model = new Model();
    const state = filled(model.encoder, 5);
    const inModel: StateDict = new Map(
      [...state].map(([path, value]) => [`encoder/${path}`, value]),
    );
    expect(refusal(model, inModel).report.missing).toEqual(['decoder/bias', 'decoder/kernel']);
    expect(model.loadStateDict(inModel, { partial: true }).loaded).toHaveLength(2);
    expect(model.encoder.stateDict()).toEqual(state);
    inModel.set('other', state.get('bias')!);
    expect(refusal(model, inModel, { partial: true }).report.unexpected).toEqual(['other']);
    expect(model.loadStateDict(inModel, { strict: false }).unexpected).toEqual(['other']);
  });

  test('renames by table and by function, which may leave values out', () => {
    const model = new Model();
    const state = filled(model.encoder, 5);
    const report = model.loadStateDict(state, {
      partial: true,
      rename: (path) => (path === 'bias' ? undefined : `decoder/${path}`),
    });
    expect(report.loaded).toEqual(['decoder/kernel']);
    const affine = new Affine();
    const table = { constructor: 'kernel' };
    affine.loadStateDict(
      new Map([
        ['constructor', state.get('kernel')!],
        ['bias', state.get('bias')!],
      ]),
      {
        rename: table,
      },
    );
    expect(affine.stateDict()).toEqual(state);
    expect(() => affine.loadStateDict(state, { rename: () => 'bias' })).toThrow(
      "rename gives both 'bias' and 'kernel' the path 'bias'",
    );
  });

  test('refuses a disposed module before anything is assigned', () => {
    const model = new Model();
    const state = filled(model, 9);
    model.encoder.bias.dispose();
    expect(() => model.loadStateDict(state)).toThrow("'encoder/bias' has been disposed of");
    expect(model.decoder.bias.dataSync()[0]).toBe(3);
  });
});

describe('deferred loading', () => {
  test('puts values in when the variables are made, and tells what waits', () => {
    const model = Object.assign(new Module(), { late: new Late(), now: new Affine() });
    const state = filled(model, 1);
    state.set('late/weight', { dtype: 'float32', shape: [2], data: Float32Array.of(5, 6) });
    const report = model.loadStateDict(state);
    expect(report.deferred).toEqual(['late/weight']);
    expect(model.deferredPaths).toEqual(['late/weight']);
    expect(Array.from(model.late.use().dataSync())).toEqual([5, 6]);
    expect(model.deferredPaths).toEqual([]);
  });

  test('a value for nothing that may come is unexpected', () => {
    const model = Object.assign(new Module(), { late: new Late() });
    const value = { dtype: 'float32', shape: [2], data: new Float32Array(2) } as const;
    const { report } = refusal(model, new Map([['late/wieght', value]]));
    expect(report.unexpected).toEqual(['late/wieght']);
  });

  test('a kept value of another shape is an error with both shapes where the variable is made', () => {
    const model = Object.assign(new Module(), { late: new Late() });
    const value = { dtype: 'float32', shape: [2], data: new Float32Array(2) } as const;
    model.loadStateDict(new Map([['late/weight', value]]));
    expect(() => model.late.use([3])).toThrow(
      "The loaded value of 'late/weight' is float32 [2], but the variable made now is float32 [3].",
    );
  });

  test('also fills what track shows late', () => {
    class Tracked extends Module {
      #weight: tf.Variable | undefined;
      mayMake(): boolean {
        return !this.#weight;
      }
      use(): tf.Variable {
        this.#weight ??= this.track('weight', tf.variable(tf.zeros([1])));
        return this.#weight;
      }
    }
    const model = new Tracked();
    model.loadStateDict(
      new Map([['weight', { dtype: 'float32', shape: [1], data: Float32Array.of(3) }]]),
    );
    expect(model.use().dataSync()[0]).toBe(3);
  });

  test('a later load replaces what still waits, a partial one adds to it', () => {
    const model: Module & { a: Late; b: Late } = Object.assign(new Module(), {
      a: new Late(),
      b: new Late(),
    });
    const value = { dtype: 'float32', shape: [2], data: new Float32Array(2) } as const;
    model.loadStateDict(new Map([['a/weight', value]]));
    model.loadStateDict(new Map([['b/weight', value]]), { partial: true });
    expect(model.deferredPaths).toEqual(['a/weight', 'b/weight']);
    model.loadStateDict(new Map([['b/weight', value]]));
    expect(model.deferredPaths).toEqual(['b/weight']);
  });
});

test('copyFrom takes the values of a module with the same paths', () => {
  const from = new Model().map((value) => tf.add(value, 1));
  const to = new Model();
  expect(to.copyFrom(from).loaded).toHaveLength(4);
  expect(to.stateDict()).toEqual(from.stateDict());
  to.encoder.bias.assign(tf.tensor1d([0, 0]));
  expect(from.encoder.bias.dataSync()[0]).toBe(4);
});

test.each([
  ['enc1.kernel', 'enc1/kernel'],
  ['ENC1/KERNEL', 'enc1/kernel'],
  ['enc1/kernle', 'enc1/kernel'],
  ['enc2/kernel', 'enc1/kernel'],
  ['a', undefined],
  ['decoder/weights', undefined],
])('the name nearest to %p is %p', (name, expected) => {
  expect(nearestName(name, ['dec1/bias', 'enc1/kernel', 'long/path/of/something/else'])).toBe(
    expected,
  );
});

test('describeLoad shortens long lists', () => {
  const missing = Array.from({ length: 20 }, (_, i) => `layer${i}`);
  const report = {
    loaded: [],
    missing,
    unexpected: [],
    mismatched: [],
    deferred: [],
    suggestions: new Map(),
  };
  expect(describeLoad(report)).toContain('... and 8 more');
});

test('a Trackable that is no module can announce too', () => {
  const held: { weight?: tf.Variable } = {};
  const trackable: Trackable = {
    *trackedEntries() {
      yield ['weight', held.weight] as const;
    },
    mayMake: () => held.weight === undefined,
  };
  const model = Object.assign(new Module(), { trackable });
  model.loadStateDict(
    new Map([['trackable/weight', { dtype: 'float32', shape: [], data: Float32Array.of(2) }]]),
  );
  held.weight = tf.variable(tf.scalar(0));
  announceVariables(trackable);
  expect(held.weight.dataSync()[0]).toBe(2);
});

test('values wait for a plain layer of tfjs-layers too, and are there at its first call', () => {
  const dense = layers.dense({ units: 1, useBias: false });
  const model = Object.assign(new Module(), { inner: Object.assign(new Module(), { dense }) });
  const value = { dtype: 'float32', shape: [1, 1], data: Float32Array.of(4) } as const;
  const report = model.loadStateDict(new Map([['inner/dense/kernel', value]]));
  expect(report.deferred).toEqual(['inner/dense/kernel']);
  const output = dense.apply(tf.ones([1, 1])) as tf.Tensor;
  expect(output.dataSync()[0]).toBe(4);
});
