import '@tensorflow/tfjs-backend-cpu';
import { Module, type StateDict } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { LayerDict, layer, setSeed } from './index.js';
import { drawRandom } from './initial-values.js';

tf.env().set('IS_NODE', false);

const x = tf.ones<tf.Rank.R2>([1, 3]);

/** Makes dense layers with these names in this order. */
function made(names: readonly string[], seed: number): StateDict {
  const dict = new LayerDict({ seed });
  for (const name of names) tf.tidy(() => void dict.get(name, layers.dense, { units: 2 })(x));
  const state = dict.stateDict();
  dict.dispose();
  return state;
}

describe('initial weights depend on (seed, path) only', () => {
  test('neither on the order of creation nor on other layers', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 2 });
    fc.assert(
      fc.property(names, fc.nat(4), fc.nat(), (order, drop, seed) => {
        const all = made(order, seed);
        const fewer = order.filter((_, i) => i !== drop % order.length).reverse();
        for (const [path, value] of made(fewer, seed)) expect(value).toEqual(all.get(path));
      }),
      { numRuns: 30 },
    );
  });

  test('differ by path and by seed', () => {
    const kernels = [made(['a', 'b'], 1), made(['a'], 2)].flatMap((state) =>
      [...state].filter(([path]) => path.endsWith('kernel')).map(([, { data }]) => String(data)),
    );
    expect(new Set(kernels).size).toBe(3);
    expect(made(['a'], 3)).toEqual(made(['a'], 3));
  });

  test('layers in attributes begin as those asked for by name', () => {
    class Eager extends Module {
      readonly parts = [layer(layers.dense, { units: 2 }), layer(layers.dense, { units: 2 })];
      readonly late: { dense?: ReturnType<typeof layer> } = {};
    }
    const eager = new Eager();
    setSeed(eager, 4);
    for (const part of eager.parts) part(x);
    eager.late.dense = layer(layers.dense, { units: 2 });
    eager.late.dense(x);
    const lazy = new LayerDict({ seed: 4 });
    lazy.get(['late', 'dense'], layers.dense, { units: 2 })(x);
    for (const i of [1, 0]) lazy.get(['parts', i], layers.dense, { units: 2 })(x);
    expect(eager.stateDict()).toEqual(lazy.stateDict());
  });

  test('twins without seeds differ, because their paths do, whoever is called first', () => {
    class Encoder extends LayerDict {
      call(input: tf.Tensor): tf.Tensor {
        return this.get('dense', layers.dense, { units: 2 })(input);
      }
    }
    class Twins extends Module {
      readonly left = new Encoder();
      constructor(readonly right: Encoder) {
        super();
      }
    }
    const twins = new Twins(new Encoder());
    twins.right.call(x);
    twins.left.call(x);
    const [left, right] = ['left', 'right'].map((side) => twins.variable(`${side}/dense/kernel`));
    expect(left!.dataSync()).not.toEqual(right!.dataSync());
    const again = new Twins(new Encoder());
    again.left.call(x);
    again.right.call(x);
    expect(again.stateDict()).toEqual(twins.stateDict());
  });

  test('a part that uses a layer while it is constructed still finds its whole path later', async () => {
    class Child extends LayerDict {
      readonly early = this.get('early', layers.dense, { units: 2 })(x);
    }
    class Parent extends Module {
      readonly child = new Child();
    }
    const parent = new Parent();
    const { child } = parent;
    await Promise.resolve();
    child.get('late', layers.dense, { units: 2 })(x);
    const expected = new LayerDict();
    expected.get(['child', 'late'], layers.dense, { units: 2 })(x);
    expect(child.variable('late/kernel').dataSync()).toEqual(
      expected.variable('child/late/kernel').dataSync(),
    );
    expect(parent.variables).toHaveLength(4);
  });

  test('a seed of its own makes a part the same wherever it is', () => {
    const inner = new LayerDict({ seed: 9 });
    const outer = Object.assign(new LayerDict({ seed: 1 }), { inner });
    outer.inner.get('a', layers.dense, { units: 2 })(x);
    expect(inner.stateDict()).toEqual(made(['a'], 9));
  });

  test('setSeed draws existing layers anew, whole models of tfjs-layers too', () => {
    const build = () =>
      Object.assign(new LayerDict(), {
        net: sequential({
          layers: [
            layers.dense({ units: 2, inputShape: [3] }),
            layers.lstm({ units: 2, recurrentInitializer: 'glorotUniform', inputShape: [1, 2] }),
          ].slice(0, 1),
        }),
      });
    const [a, b] = [build(), build()];
    for (const each of [a, b]) {
      each.get('own', layers.dense, { units: 2 })(x);
      setSeed(each, 5);
    }
    expect(a.stateDict()).toEqual(b.stateDict());
    expect(a.variable('own/kernel').dataSync()).toEqual(made(['own'], 5).get('own/kernel')!.data);
    setSeed(b, 6);
    expect(a.stateDict().get('net/dense/kernel')).not.toEqual(
      b.stateDict().get('net/dense/kernel'),
    );
  });

  test('whole models that are made by name or for an attribute are drawn by seed and path', () => {
    const config = { layers: [{ units: 2, inputShape: [3] }, { units: 1 }] };
    const build = () => sequential({ layers: config.layers.map((each) => layers.dense(each)) });
    const states = [1, 1, 2].map((seed) => {
      const dict = Object.assign(new LayerDict({ seed }), { attribute: layer(build) });
      dict.get('named', build);
      dict.attribute(x);
      return dict.stateDict();
    });
    expect(states[0]).toEqual(states[1]);
    const kernels = states.flatMap((state) =>
      [...state].filter(([path]) => path.endsWith('/kernel')).map(([, { data }]) => String(data)),
    );
    expect(kernels).toHaveLength(12);
    expect(new Set(kernels).size).toBe(8);
  });

  test('but not one that was given its weights', () => {
    const dict = new LayerDict();
    const kernel = tf.tensor2d([[1], [2], [3]]);
    dict.get('net', () => {
      const net = sequential({
        layers: [layers.dense({ units: 1, useBias: false, inputShape: [3] })],
      });
      net.setWeights([kernel]);
      return net;
    });
    expect(Array.from(dict.variable('net/dense/kernel').dataSync())).toEqual([1, 2, 3]);
    const later = Object.assign(new Module(), {
      net: layer(() =>
        sequential({ layers: [layers.dense({ units: 1, useBias: false, inputShape: [3] })] }),
      ),
    });
    later.variable('net/dense/kernel').assign(kernel);
    later.net(x);
    expect(Array.from(later.variable('net/dense/kernel').dataSync())).toEqual([1, 2, 3]);
  });

  test('a seed that is set after a layer was asked for still counts', () => {
    const dict = new LayerDict();
    const dense = dict.get('a', layers.dense, { units: 2 });
    setSeed(dict, 8);
    dense(x);
    expect(dict.stateDict()).toEqual(made(['a'], 8));
  });

  test('a seed is an integer', () => {
    expect(() => new LayerDict({ seed: 0.5 })).toThrow('the seed must be an integer, not 0.5');
  });
});

describe("Keras's defaults", () => {
  const range = (module: Module, path: string): number =>
    Math.max(...module.variable(path).dataSync().map(Math.abs));

  test('kernels are Glorot uniform, biases zero, recurrent kernels orthogonal', () => {
    const dict = new LayerDict();
    dict.get('dense', layers.dense, { units: 40 })(tf.ones([1, 60]));
    dict.get('conv', layers.conv2d, { filters: 8, kernelSize: 3 })(tf.ones([1, 3, 3, 16]));
    dict.get('apart', layers.separableConv2d, { filters: 8, kernelSize: 3 })(
      tf.ones([1, 3, 3, 16]),
    );
    dict.get('lstm', layers.lstm, { units: 8 })(tf.ones([1, 2, 16]));
    const limit = (fanIn: number, fanOut: number): number => Math.sqrt(6 / (fanIn + fanOut));
    const expected: [string, number][] = [
      ['dense/kernel', limit(60, 40)],
      ['conv/kernel', limit(9 * 16, 9 * 8)],
      ['apart/depthwise_kernel', limit(9 * 16, 9)],
      ['apart/pointwise_kernel', limit(16, 8)],
      ['lstm/kernel', limit(16, 32)],
    ];
    for (const [path, bound] of expected) {
      expect([path, range(dict, path) / bound]).toEqual([path, expect.closeTo(0.97, 1)]);
      expect(range(dict, path)).toBeLessThanOrEqual(bound * (1 + 1e-6));
    }
    expect(range(dict, 'dense/bias')).toBe(0);
    // The forget gate begins open.
    expect(Array.from(dict.variable('lstm/bias').dataSync().slice(0, 17))).toEqual([
      ...Array<number>(8).fill(0),
      ...Array<number>(8).fill(1),
      0,
    ]);
    const recurrent = dict.variable('lstm/recurrent_kernel') as tf.Tensor2D;
    const product = tf.matMul(recurrent, recurrent, false, true).dataSync();
    for (const [i, value] of product.entries()) expect(value).toBeCloseTo(i % 9 === 0 ? 1 : 0, 5);
  });

  test('what is asked for stays', () => {
    const dict = new LayerDict();
    const config = { units: 40, kernelInitializer: 'glorotNormal' } as const;
    dict.get('dense', layers.dense, config)(tf.ones([1, 60]));
    expect(range(dict, 'dense/kernel')).toBeGreaterThan(Math.sqrt(6 / 100));
    dict.get('ones', layers.dense, { units: 1, kernelInitializer: 'ones' })(x);
    expect(Array.from(dict.variable('ones/kernel').dataSync())).toEqual([1, 1, 1]);
  });
});

describe('drawRandom', () => {
  const draw = (initializer: unknown, shape: number[], seed = 1): Float32Array =>
    drawRandom(
      initializer as Parameters<typeof drawRandom>[0],
      shape,
      'float32',
      seed,
    )!.dataSync<'float32'>();
  const deviation = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

  test.each([
    ['heNormal', initializers.heNormal({}), Math.sqrt(2 / 100)],
    ['leCunUniform', initializers.leCunUniform({}), Math.sqrt(1 / 100)],
    ['randomNormal', initializers.randomNormal({ stddev: 0.3 }), 0.3],
    [
      'randomUniform',
      initializers.randomUniform({ minval: -0.3, maxval: 0.3 }),
      0.3 / Math.sqrt(3),
    ],
    ['truncatedNormal', initializers.truncatedNormal({ stddev: 0.3 }), 0.3 * 0.87962566],
    [
      'fanOut',
      initializers.varianceScaling({ scale: 3, mode: 'fanOut', distribution: 'normal' }),
      Math.sqrt(3 / 300),
    ],
  ])('%s has the deviation of Keras', (_, initializer, expected) => {
    const values = draw(initializer, [100, 300]);
    expect(deviation(values) / expected).toBeCloseTo(1, 1.7);
  });

  test('orthogonal: wide and tall, with gain', () => {
    for (const [shape, rows, columns] of [
      [[3, 5], 3, 5],
      [[2, 3, 4], 6, 4],
    ] as const) {
      const matrix = tf.tensor2d(draw(initializers.orthogonal({ gain: 2 }), [...shape]), [
        rows,
        columns,
      ]);
      const isWide = rows < columns;
      const product = tf.matMul(matrix, matrix, !isWide, isWide).arraySync() as number[][];
      product.forEach((row, i) => {
        row.forEach((value, j) => {
          expect(value).toBeCloseTo(i === j ? 4 : 0, 4);
        });
      });
    }
  });

  test('an initialiser keeps a seed of its own; what is not random is left alone', () => {
    const own = initializers.glorotUniform({ seed: 3 });
    expect(draw(own, [2, 2], 1)).toEqual(draw(own, [2, 2], 2));
    expect(drawRandom(initializers.zeros(), [2], 'float32', 1)).toBeUndefined();
  });
});
