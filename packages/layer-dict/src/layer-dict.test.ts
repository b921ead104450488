import '@tensorflow/tfjs-backend-cpu';
import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, regularizers } from '@tensorflow/tfjs-layers';
import { DriftError, LayerDict, type LayerName, layer } from './index.js';

tf.env().set('IS_NODE', false);

const x = tf.ones<tf.Rank.R2>([2, 3]);
const paths = (module: Module): string[] => [...module.namedVariables().keys()];

/** A Module class to be made by name. */
class Block extends Module {
  readonly dense;
  constructor(readonly size: number) {
    super();
    this.dense = layer(layers.dense, { units: size });
  }
  call(input: tf.Tensor): tf.Tensor {
    return tf.add(input, this.dense(input));
  }
}

/** A layer class of the user's. */
class Scale extends layers.Layer {
  static readonly className = 'Scale';
  readonly factor: number;
  private weight: { read(): tf.Tensor } | undefined;
  constructor(args: { factor: number }) {
    super({});
    this.factor = args.factor;
  }
  override build(): void {
    this.weight = this.addWeight('weight', [], 'float32', initializers.ones());
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.mul(tf.mul(input, this.weight!.read()), this.factor);
  }
}

describe('get', () => {
  test('makes a layer on first use and gives the same one ever after', () => {
    const dict = new LayerDict();
    const dense = dict.get('dense', layers.dense, { units: 4 });
    expect(paths(dict)).toEqual([]);
    expect(dense(x).shape).toEqual([2, 4]);
    expect(dict.get('dense', layers.dense, { units: 4 })).toBe(dense);
    expect(paths(dict)).toEqual(['dense/bias', 'dense/kernel']);
  });

  test('takes factories, layer classes, Module classes, and functions that return one', () => {
    const dict = new LayerDict();
    expect(dict.get('flat', layers.reLU)(x).shape).toEqual([2, 3]);
    expect(dict.get('scale', Scale, { factor: 3 })(x).dataSync()[0]).toBe(3);
    const block: Block = dict.get('block', Block, 3);
    expect(block.call(x).shape).toEqual([2, 3]);
    const made = dict.get('made', (units: number) => layers.dense({ units }), 2);
    expect(made(x).shape).toEqual([2, 2]);
    expect(dict.get('other', () => new Block(3)).call(x).shape).toEqual([2, 3]);
    expect(dict.get('callable', () => layer(layers.dense, { units: 5 }))(x).shape).toEqual([2, 5]);
    expect(paths(dict)).toEqual([
      'block/dense/bias',
      'block/dense/kernel',
      'callable/bias',
      'callable/kernel',
      'made/bias',
      'made/kernel',
      'other/dense/bias',
      'other/dense/kernel',
      'scale/weight',
    ]);
  });

  test('works by inheritance and as an attribute', () => {
    class Inherits extends LayerDict {
      readonly extra = new Block(3);
      call(input: tf.Tensor2D): tf.Tensor2D {
        return this.get('out', layers.dense, { units: 1 })(this.extra.call(input));
      }
    }
    class Holds extends Module {
      private readonly layers = new LayerDict();
      call(input: tf.Tensor2D): tf.Tensor2D {
        return this.layers.get('out', layers.dense, { units: 1 })(input);
      }
    }
    const [inherits, holds] = [new Inherits(), new Holds()];
    inherits.call(x);
    holds.call(x);
    expect(paths(inherits)).toEqual([
      'extra/dense/bias',
      'extra/dense/kernel',
      'out/bias',
      'out/kernel',
    ]);
    expect(paths(holds)).toEqual(['layers/out/bias', 'layers/out/kernel']);
  });

  test('refuses what is neither a layer nor a module, and a name that an attribute has', () => {
    const nothing = (() => undefined) as unknown as () => Module;
    expect(() => new LayerDict().get('a', nothing)).toThrow(
      "LayerDict: 'a' should be a layer or a module, but nothing returned undefined.",
    );
    const dict = Object.assign(new LayerDict(), { a: new Block(1), size: 3 });
    expect(() => dict.get('a', layers.flatten)).toThrow("'a' is an attribute of module already");
    dict.get('size', layers.flatten);
  });

  test('passes options on: several outputs, state, training', () => {
    const dict = new LayerDict();
    const lstm = dict.get('lstm', layers.lstm, { units: 2, returnState: true });
    const sequence = tf.ones<tf.Rank.R3>([1, 3, 2]);
    const [output, h, c] = lstm<tf.Tensor[]>(sequence);
    expect([output!.shape, h!.shape, c!.shape]).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    const [continued] = lstm<tf.Tensor[]>(sequence, { initialState: [h!, c!] });
    expect(continued!.dataSync()).not.toEqual(output!.dataSync());
    const norm = dict.get('norm', layers.batchNormalization);
    norm(tf.tensor2d([[1], [3]]), { training: true });
    expect(dict.variable('norm/moving_mean').dataSync()[0]).toBeCloseTo(0.02, 6);
    expect(dict.trainableVariables).not.toContain(dict.variable('norm/moving_mean'));
  });
});

describe('drift', () => {
  const drift = (first: () => unknown, now: () => unknown): DriftError => {
    first();
    try {
      now();
    } catch (error) {
      if (error instanceof DriftError) return error;
      throw error;
    }
    throw new Error('no drift was seen');
  };

  test('other arguments: an error with both call sites and the differing keys', () => {
    class Model extends LayerDict {
      encode(): void {
        this.get('conv', layers.conv2d, { filters: 32, kernelSize: [3, 3], padding: 'same' });
      }
      decode(): void {
        this.get('conv', layers.conv2d, { filters: 64, kernelSize: [3, 4], useBias: false });
      }
    }
    const model = new Model();
    const error = drift(
      () => model.encode(),
      () => model.decode(),
    );
    expect(error.differences).toEqual([
      'filters: 32, now 64',
      'kernelSize.1: 3, now 4',
      "padding: 'same', now undefined",
      'useBias: undefined, now false',
    ]);
    expect(error.path).toBe('conv');
    expect(error.message).toMatch(
      /^'conv' was first asked for in another way:\n {2}filters: 32, now 64\n(.*\n){3} {2}first in .*encode.*layer-dict\.test\.ts:\d+:\d+\)\n {2}now in {3}.*decode.*layer-dict\.test\.ts:\d+:\d+\)\n/,
    );
  });

  test('another maker', () => {
    const dict = new LayerDict();
    const error = drift(
      () => dict.scope('deep').get('a', layers.dense, { units: 1 }),
      () => dict.scope('deep').get('a', layers.conv1d, { filters: 1, kernelSize: 1 }),
    );
    expect(error.message).toContain(
      "'deep/a' was first asked for in another way:\n  made by dense, now by conv1d\n",
    );
    drift(
      () => dict.get('b', () => new Block(1)),
      () => dict.get('b', () => new Block(2)),
    );
    drift(
      () => dict.get('c', Block, 1),
      () => dict.get('c', Block, 2),
    );
    drift(
      () => dict.scope('d'),
      () => dict.get('d', layers.flatten),
    );
  });

  test('arguments changed in place are seen', () => {
    const dict = new LayerDict();
    const config = { units: 1, kernelRegularizer: regularizers.l2({ l2: 0.1 }) };
    const error = drift(
      () => dict.get('a', layers.dense, config),
      () => dict.get('a', layers.dense, Object.assign(config, { units: 2 })),
    );
    expect(error.differences).toEqual(['units: 1, now 2']);
  });

  test('equal arguments share, however they are written', () => {
    const dict = new LayerDict();
    for (let i = 0; i < 2; i++) {
      dict.get('a', layers.dense, {
        units: 1,
        kernelInitializer: initializers.heNormal({}),
        ...(i === 0 ? { name: undefined } : {}),
      } as { units: number });
      dict.get('b', layers.bidirectional, {
        layer: layers.gru({ units: 2 }),
        mergeMode: 'concat',
      });
      dict.get('c', () => new Block(1));
      dict.get('d', layers.flatten, ...(i === 0 ? [] : [{}]));
    }
    // The factory of recurrent layers writes into what it is given.
    const config = { units: 2 };
    expect(dict.get('e', layers.simpleRNN, config)).toBe(dict.get('e', layers.simpleRNN, config));
    expect(config).toEqual({ units: 2 });
    expect(() =>
      dict.get('a', layers.dense, { units: 1, kernelInitializer: initializers.heUniform({}) }),
    ).toThrow('kernelInitializer');
  });
});

describe('names', () => {
  test.each<[unknown, string]>([
    ['', 'cannot be empty'],
    [' a', 'space'],
    ['a/b', "write get(['a', 'b'], ...)"],
    [`block${undefined}`, 'missing'],
    [`block${Number.NaN}`, 'missing'],
    [`block${null}`, 'missing'],
    [`block${{}}`, 'missing'],
    [undefined, 'a name is a string'],
    [['block', -1], 'an index from 0'],
    [['block', 1.5], 'an index from 0'],
    [['block', ''], 'cannot be empty'],
    [[], 'a name is a string'],
  ])('%p is refused', (name, reason) => {
    expect(() => new LayerDict().get(name as LayerName, layers.flatten)).toThrow(reason);
  });

  test('ordinary ones are not', () => {
    const dict = new LayerDict();
    for (const name of ['enc1', 'Größe', 'a-b.c', 'nullspace', 'constructor', '__proto__', 'get']) {
      expect(dict.get(name, layers.reLU)(x).shape).toEqual([2, 3]);
    }
  });
});

describe('scopes', () => {
  test('scopes, lists and dictionaries in dictionaries give paths', () => {
    class Inner extends LayerDict {
      call(input: tf.Tensor): tf.Tensor {
        return this.get('dense', layers.dense, { units: 3, useBias: false })(input);
      }
    }
    class Model extends LayerDict {
      readonly field = new Inner();
      call(input: tf.Tensor2D): tf.Tensor {
        let hidden: tf.Tensor = input;
        for (let i = 0; i < 2; i++) {
          hidden = this.get(['block', i], layers.dense, { units: 3, useBias: false })(hidden);
        }
        hidden = this.scope('head', 7).get('dense', layers.dense, { units: 3, useBias: false })(
          hidden,
        );
        hidden = this.get('inner', Inner).call(hidden);
        return this.field.call(hidden);
      }
    }
    const model = new Model();
    model.call(x);
    model.call(x);
    expect(paths(model)).toEqual([
      'block/0/kernel',
      'block/1/kernel',
      'field/dense/kernel',
      'head/7/dense/kernel',
      'inner/dense/kernel',
    ]);
    expect(model.scope('block')).toBe(model.scope('block'));
    expect(new Set([...model.stateDict().values()].map(({ data }) => String(data))).size).toBe(5);
  });
});

describe('sizes', () => {
  test('a shared layer that meets another size: the path and both shapes', () => {
    class Model extends Module {
      readonly encoder = new LayerDict();
    }
    const { encoder } = new Model();
    const dense = encoder.get('dense', layers.dense, { units: 4 });
    dense(tf.zeros([2, 3]));
    dense(tf.zeros([5, 3]));
    dense(tf.zeros([5, 7, 3]));
    expect(() => dense(tf.zeros([2, 5]))).toThrow(
      /^The layer was made for inputs of shape \[null, 3\] and is now called with \[null, 5\]: .*\(in 'encoder\/dense'\)$/s,
    );
    const conv = encoder.get('conv', layers.conv2d, { filters: 1, kernelSize: 2 });
    conv(tf.zeros([1, 4, 4, 3]));
    conv(tf.zeros([1, 9, 4, 3]));
    expect(() => conv(tf.zeros([1, 4, 4, 1]))).toThrow("(in 'encoder/conv')");
    const norm = encoder.get('norm', layers.layerNormalization);
    norm(tf.zeros([1, 4]));
    norm(tf.zeros([7, 4]));
    expect(() => norm(tf.zeros([1, 1]))).toThrow('it normalises sizes [4], not [1]');
  });

  test('a first call with a wrong input says where', () => {
    const dict = new LayerDict();
    const nothing = undefined as unknown as tf.Tensor;
    expect(() => dict.get('dense', layers.dense, { units: 1 })(nothing)).toThrow(
      "A layer takes a tensor or a list of tensors, not undefined. (in 'dense')",
    );
    expect(() => dict.get('conv', layers.conv2d, { filters: 1, kernelSize: 2 })(x)).toThrow(
      "Input 0 is incompatible with layer conv: expected ndim=4, found ndim=2 (in 'conv')",
    );
  });
});
