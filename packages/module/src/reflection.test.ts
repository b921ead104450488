import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  model as functional,
  layers,
  type SymbolicTensor,
  sequential,
  input as symbolicInput,
} from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { Module } from './index.js';

// Silences the CPU backend's advertisement.
tf.env().set('IS_NODE', false);

const one = (): tf.Variable => tf.variable(tf.scalar(1));
const paths = (module: Module): string[] => [...module.namedVariables().keys()];

class Weight extends Module {
  constructor(readonly weight: tf.Variable = one()) {
    super();
  }
}

describe('reflection', () => {
  test('finds variables in attributes, arrays, objects, Map, Set, and nested ones', () => {
    class Model extends Module {
      readonly list = [one(), [new Weight(), undefined, null, 3]] as const;
      readonly record = { b: one(), a: new Weight() };
      readonly dictionary = new Map<unknown, unknown>([
        ['m', one()],
        [3, one()],
        [{}, one()],
      ]);
      readonly set = new Set([one()]);
      readonly bare = Object.assign(Object.create(null), { x: one() });
    }
    expect(paths(new Model())).toEqual([
      'bare/x',
      'dictionary/2',
      'dictionary/3',
      'dictionary/m',
      'list/0',
      'list/1/0/weight',
      'record/a/weight',
      'record/b',
      'set/0',
    ]);
  });

  test('sees what TypeScript calls private, and runs no getter', () => {
    class Model extends Module {
      private readonly hidden = one();
      get trap(): never {
        throw new Error('a getter ran');
      }
      use(): tf.Variable {
        return this.hidden;
      }
    }
    const model = new Model() as Model & Record<string, unknown>;
    for (const name of ['data', 'dataId', 'assign', 'weights', 'trackedEntries_']) {
      model[`holds ${name}`] = Object.defineProperty({}, name, { get: () => model.trap });
    }
    Object.defineProperty(model, 'own', { get: () => model.trap, enumerable: true });
    expect(model.variables).toEqual([model.use()]);
  });

  test('is never stale', () => {
    const model = new Weight() as Weight & { more?: Weight[] };
    model.more = [new Weight()];
    expect(paths(model)).toEqual(['more/0/weight', 'weight']);
    model.more = [];
    expect(paths(model)).toEqual(['weight']);
  });

  test('finds the variables of tfjs-layers layers, wrappers, recurrent cells and models', () => {
    class Model extends Module {
      readonly dense = layers.dense({ units: 2 });
      readonly norm = layers.batchNormalization();
      readonly recurrent = layers.gru({ units: 2, recurrentInitializer: 'zeros' });
      readonly stacked = layers.rnn({
        cell: [
          layers.simpleRNNCell({ units: 2, recurrentInitializer: 'zeros' }),
          layers.simpleRNNCell({ units: 2, recurrentInitializer: 'zeros' }),
        ],
      });
      readonly both = layers.bidirectional({
        layer: layers.simpleRNN({ units: 2, recurrentInitializer: 'zeros' }),
        mergeMode: 'concat',
      });
      readonly timed = layers.timeDistributed({ layer: layers.dense({ units: 2 }) });
      readonly net = sequential({
        layers: [
          layers.dense({ units: 2, inputShape: [3] }),
          layers.dense({ units: 1 }),
          layers.dense({ units: 1, name: 'head' }),
        ],
      });
      readonly graph = (() => {
        const input = symbolicInput({ shape: [3] });
        const hidden = layers.dense({ units: 2 }).apply(input) as SymbolicTensor;
        return functional({
          inputs: input,
          outputs: layers.prelu().apply(hidden) as SymbolicTensor,
        });
      })();
    }
    const model = new Model();
    model.dense.apply(tf.zeros([1, 3]));
    model.norm.apply(tf.zeros([1, 3]));
    for (const layer of [model.recurrent, model.stacked, model.both, model.timed]) {
      layer.apply(tf.zeros([1, 3, 2]));
    }
    expect(paths(model)).toEqual([
      'both/backward/bias',
      'both/backward/kernel',
      'both/backward/recurrent_kernel',
      'both/forward/bias',
      'both/forward/kernel',
      'both/forward/recurrent_kernel',
      'dense/bias',
      'dense/kernel',
      'graph/dense/bias',
      'graph/dense/kernel',
      'graph/p_re_lu/alpha',
      'net/dense/bias',
      'net/dense/kernel',
      'net/dense_1/bias',
      'net/dense_1/kernel',
      'net/head/bias',
      'net/head/kernel',
      'norm/beta',
      'norm/gamma',
      'norm/moving_mean',
      'norm/moving_variance',
      'recurrent/bias',
      'recurrent/kernel',
      'recurrent/recurrent_kernel',
      'stacked/simple_rnn_cell/bias',
      'stacked/simple_rnn_cell/kernel',
      'stacked/simple_rnn_cell/recurrent_kernel',
      'stacked/simple_rnn_cell_1/bias',
      'stacked/simple_rnn_cell_1/kernel',
      'stacked/simple_rnn_cell_1/recurrent_kernel',
      'timed/bias',
      'timed/kernel',
    ]);
    const trainable = new Set(model.trainableVariables);
    const left = [...model.namedVariables()].filter(([, variable]) => !trainable.has(variable));
    expect(left.map(([path]) => path)).toEqual(['norm/moving_mean', 'norm/moving_variance']);
  });

  test("respects a layer's trainable: false, also when set before the layer is built", () => {
    class Model extends Module {
      readonly fixed = layers.dense({ units: 1, trainable: false });
      readonly free = layers.dense({ units: 1 });
    }
    const model = new Model();
    model.fixed.apply(tf.zeros([1, 2]));
    model.free.apply(tf.zeros([1, 2]));
    expect(model.trainableVariables).toHaveLength(2);
    expect(model.nonTrainableVariables.map(({ id }) => id).sort()).toEqual(
      model.fixed.weights.map((weight) => weight.read().id).sort(),
    );
  });

  test('lists shared things once, under the shortest path, and survives cycles', () => {
    const shared = new Weight();
    class Model extends Module {
      readonly decoder = { embedding: shared };
      readonly embedding = shared;
      readonly tied = shared.weight;
      readonly self: Module = this;
      readonly loop: unknown[] = [];
    }
    const model = new Model();
    model.loop.push(model.loop, model);
    Object.assign(shared, { parent: model });
    expect(paths(model)).toEqual(['tied']);
    expect([...model.namedModules().keys()]).toEqual(['', 'embedding']);
    expect(model.submodules).toEqual([shared]);
    expect(paths(shared)).toEqual(['weight']);
  });

  test('of two paths of the same length the first by name counts, whatever was set first', () => {
    const [b, a] = [new Weight(), new Weight()];
    for (const order of [
      { b, a },
      { a, b },
    ]) {
      Object.assign(a, { x: b });
      const model = Object.assign(new Module(), { ...order, c: { shared: b.weight } });
      expect(paths(model)).toEqual(['a/weight', 'b/weight']);
    }
    const shared = new Weight();
    expect(paths(Object.assign(new Module(), { z: shared, y: shared }))).toEqual(['y/weight']);
  });

  test('a key with a slash does not hide what has the same path', () => {
    const model = Object.assign(new Module(), { 'a/b': one(), a: { b: one() } });
    expect(paths(model)).toEqual(['a/b', 'a/b_1']);
  });

  test('track shows #private fields, untrack hides attributes', () => {
    class Model extends Module {
      readonly #kernel = this.track('kernel', one());
      readonly teacher = this.untrack(new Weight());
      readonly own = new Weight();
      use(): tf.Variable {
        return this.#kernel;
      }
    }
    const model = new Model();
    expect(paths(model)).toEqual(['kernel', 'own/weight']);
    expect(model.variable('kernel')).toBe(model.use());
    expect(paths(model.teacher)).toEqual(['weight']);
  });

  test('ignores what it does not know: functions, dates, tensors, other classes', () => {
    class Other {
      readonly weight = one();
    }
    class Model extends Module {
      readonly other = new Other();
      readonly activation = tf.elu;
      readonly made = new Date();
      readonly mean = tf.scalar(1);
      readonly values = new Float32Array(3);
    }
    expect(paths(new Model())).toEqual([]);
  });
});

describe('random module graphs', () => {
  type Shape = readonly (readonly [name: string, kind: number, children: readonly number[]])[];
  const graph: fc.Arbitrary<Shape> = fc.array(
    fc.tuple(
      fc.constantFrom('a', 'a/k0', 'b', 'own_1', '0', 'also/0'),
      fc.nat(6),
      fc.array(fc.nat(9), { maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 10 },
  );

  /** Node i holds a variable, and nodes at random: shared ones and cycles included. */
  function build(shape: Shape, order: 1 | -1): { root: Module; reachable: Set<tf.Variable> } {
    const nodes = shape.map(() => new Module() as Module & Record<string, unknown>);
    const variables = shape.map(() => one());
    shape.forEach(([name, kind, children], i) => {
      const held = children.map((child) => nodes[child % nodes.length]);
      const fields: [string, unknown][] = [
        ['own', kind === 0 ? undefined : variables[i]],
        [name, wrap(kind, held)],
        ['also', [variables[i]]],
      ];
      for (const [key, value] of order === 1 ? fields : fields.reverse()) nodes[i]![key] = value;
    });
    const reachable = new Set<tf.Variable>();
    const visited = new Set<number>();
    const visit = (i: number): void => {
      if (visited.has(i)) return;
      visited.add(i);
      reachable.add(variables[i]!);
      for (const child of shape[i]![2]) visit(child % nodes.length);
    };
    visit(0);
    return { root: nodes[0]!, reachable };
  }

  function wrap(kind: number, held: readonly unknown[]): unknown {
    const entries = held.map((each, i) => [`k${i}`, each] as const);
    if (kind === 1) return new Map(entries);
    if (kind === 2) return new Set(held);
    if (kind === 3) return Object.fromEntries(entries);
    if (kind === 4) return [[held]];
    return held;
  }

  test('variables found = variables put in, each with one path', () => {
    fc.assert(
      fc.property(graph, (shape) => {
        const { root, reachable } = build(shape, 1);
        const named = root.namedVariables();
        expect([...named.values()].every((variable) => reachable.has(variable))).toBe(true);
        expect(named.size).toBe(reachable.size);
        expect([...named.keys()]).toEqual([...named.keys()].sort());
        expect(root.variables).toEqual([...named.values()]);
      }),
    );
  });

  test('the paths do not depend on the order in which attributes were set', () => {
    fc.assert(
      fc.property(graph, (shape) => {
        expect(paths(build(shape, 1).root)).toEqual(paths(build(shape, -1).root));
      }),
    );
  });
});
