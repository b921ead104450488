import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import {
  currentNameScope,
  inNameScope,
  Module,
  NoVariablesError,
  namedVariablesOf,
  trainableVariablesOf,
} from './index.js';

tf.env().set('IS_NODE', false);

const one = (): tf.Variable => tf.tidy(() => tf.variable(tf.scalar(1)));

describe('names', () => {
  class Part extends Module {
    readonly weight = one();
    fail(): void {
      this.inNameScope(() => {
        throw new RangeError('too big');
      });
    }
    scope(): string {
      return this.inNameScope(() => currentNameScope());
    }
  }
  class Model extends Module {
    readonly blocks = [new Part(), new Part()];
  }

  test('a module is called by its attribute, or as it was told, never by its class', () => {
    const model = new Model();
    expect(model.name).toBe('module');
    expect(model.blocks[1]!.name).toBe('1');
    expect(new Part({ name: 'own' }).name).toBe('own');
  });

  test('variable(path) gives one variable, or the nearest path there is', () => {
    const model = new Model();
    expect(model.variable('blocks/1/weight')).toBe(model.blocks[1]!.weight);
    expect(() => model.variable('block/1/weigth')).toThrow("Did you mean 'blocks/1/weight'?");
    expect(() => model.variable('x')).toThrow('it has blocks/0/weight, blocks/1/weight.');
    expect(() => new Module().variable('x')).toThrow("module has no variable 'x'; it has none.");
  });

  test('a name scope gives its path, and says where an error comes from, once', () => {
    const model = new Model();
    expect(model.blocks[1]!.scope()).toBe('blocks/1');
    expect(currentNameScope()).toBe('');
    const fail = (): void => inNameScope(model.blocks[0]!, () => model.blocks[1]!.fail());
    expect(fail).toThrow(new RangeError("too big (in 'blocks/1')"));
    expect(currentNameScope()).toBe('');
  });
});

describe('map and dispose', () => {
  test('map assigns what it computes to each variable, and leaks nothing', () => {
    const module = Object.assign(new Module(), { a: one(), b: one() });
    const before = tf.memory().numTensors;
    module.map((value, path) => tf.add(tf.mul(value, 2), path === 'b' ? 1 : 0));
    expect(module.variables.map((v) => v.dataSync()[0])).toEqual([2, 3]);
    expect(tf.memory().numTensors).toBe(before);
    const wrongSecond = (value: tf.Variable, path: string): tf.Tensor => {
      if (path === 'b') throw new Error('stop');
      return tf.mul(value, 0);
    };
    expect(() => module.map(wrongSecond)).toThrow('stop');
    expect(module.a.dataSync()[0]).toBe(2);
  });

  test('dispose and using free every variable once, shared ones too', () => {
    const before = tf.memory().numTensors;
    {
      const shared = one();
      using module = Object.assign(new Module(), { a: shared, b: [shared, one()] });
      expect(module.variables).toHaveLength(2);
    }
    expect(tf.memory().numTensors).toBe(before);
    const module = Object.assign(new Module(), { a: one() });
    module.dispose();
    module.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('what a trainer asks for', () => {
  const refusal = (target: Module | tf.Variable[]): string => {
    try {
      trainableVariablesOf(target);
    } catch (error) {
      expect(error).toBeInstanceOf(NoVariablesError);
      return (error as Error).message;
    }
    throw new Error('nothing was refused');
  };

  test('the trainable variables of a module or a list, by path or name', () => {
    const module = Object.assign(new Module(), { a: one(), b: tf.variable(tf.scalar(0), false) });
    expect([...trainableVariablesOf(module)]).toEqual([['a', module.a]]);
    expect([...namedVariablesOf(module).keys()]).toEqual(['a', 'b']);
    expect([...trainableVariablesOf([module.b, module.a]).values()]).toEqual([module.a]);
    expect([...namedVariablesOf([module.b]).keys()]).toEqual([module.b.name]);
  });

  test('no variables: says that layers are not built yet', () => {
    const module = Object.assign(new Module(), { encoder: layers.dense({ units: 1 }) });
    expect(refusal(module)).toBe(
      "'module' has no trainable variables.\n" +
        '- These layers make their variables when they are first called: encoder. Call the model once before:\n' +
        '    model.encode(tf.zeros([1, 28, 28, 1]));',
    );
  });

  test('no variables: says that private fields are hidden', () => {
    class Secretive extends Module {
      readonly #kernel = one();
      readonly #told = this.track('told', { bias: 1 });
      #helper(): void {}
      use(): unknown {
        this.#helper();
        return [this.#kernel, this.#told];
      }
    }
    expect(refusal(Object.assign(new Module(), { part: new Secretive() }))).toBe(
      "'module' has no trainable variables.\n" +
        '- JavaScript hides private fields from reflection: #kernel. Track what they hold:\n' +
        "    readonly #kernel = this.track('kernel', ...);",
    );
  });

  test('no variables: says that tensors are not variables, that all are frozen, or that there is nothing', () => {
    expect(refusal(Object.assign(new Module(), { kernel: tf.scalar(1) }))).toContain(
      'plain tensors, which are not trained: kernel. Make variables of them:\n    readonly kernel = tf.variable(tensor);',
    );
    const frozen = Object.assign(new Module(), { kernel: one() });
    frozen.freeze();
    expect(refusal(frozen)).toContain('frozen or not trainable: kernel. Unfreeze some');
    expect(refusal(new Module())).toContain('Nothing in its attributes is a variable');
    expect(refusal([])).toContain('the list of variables is empty');
    expect(refusal([tf.variable(tf.scalar(0), false)])).toContain('no variable of the list');
  });
});
