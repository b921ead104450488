// The sections of the guide "Better performance with tf.function" about tracing, one by one.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { compile, compiled, compiledOf, runEagerly } from './index.js';

let warn: jest.SpyInstance;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => {
  warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => warn.mockRestore());

function traced<Args extends unknown[], Result>(fn: (...args: Args) => Result) {
  const runs: Args[] = [];
  const body = (...args: Args): Result => {
    runs.push(args);
    return fn(...args);
  };
  return { body, runs };
}

describe('tracing rules', () => {
  test('the body runs once for each dtype and shape', () => {
    const { body, runs } = traced((x: tf.Tensor) => tf.add(x, x));
    const double = compile(body);
    expect(double(tf.scalar(1)).dataSync()).toEqual(new Float32Array([2]));
    expect(double(tf.scalar(3)).dataSync()).toEqual(new Float32Array([6]));
    expect(runs).toHaveLength(1);
    expect(double(tf.scalar(3, 'int32')).dtype).toBe('int32');
    expect(double(tf.tensor1d([1, 2])).arraySync()).toEqual([2, 4]);
    expect(runs).toHaveLength(3);
    expect(double(tf.tensor1d([2, 2])).arraySync()).toEqual([4, 4]);
    expect(runs).toHaveLength(3);
    expect(double.traces).toHaveLength(3);
  });

  test('values of other arguments count, and their structure', () => {
    const { body, runs } = traced((x: tf.Tensor, options: { by: number; deep?: string[] }) =>
      tf.mul(x, options.by),
    );
    const scale = compile(body);
    const x = tf.scalar(2);
    expect(scale(x, { by: 2 }).dataSync()[0]).toBe(4);
    expect(scale(x, { by: 3 }).dataSync()[0]).toBe(6);
    expect(scale(x, { by: 2 }).dataSync()[0]).toBe(4);
    expect(runs).toHaveLength(2);
    scale(x, { by: 2, deep: ['a'] });
    scale(x, { by: 2, deep: ['b'] });
    scale(x, { by: 2, deep: [] });
    expect(runs).toHaveLength(5);
    expect(scale(x, { by: -0 }).dataSync()[0]).toBe(-0);
    expect(scale(x, { by: 0 }).dataSync()[0]).toBe(0);
    expect(runs).toHaveLength(7);
  });

  test('objects, functions and variables count by identity', () => {
    class Model {
      constructor(readonly weight: tf.Variable) {}
    }
    const { body, runs } = traced((model: Model, x: tf.Tensor) => tf.mul(x, model.weight));
    const apply = compile(body);
    const one = new Model(tf.variable(tf.scalar(2)));
    const two = new Model(tf.variable(tf.scalar(3)));
    const x = tf.scalar(5);
    expect([one, two, one, two].map((model) => apply(model, x).dataSync()[0])).toEqual([
      10, 15, 10, 15,
    ]);
    expect(runs).toHaveLength(2);
    const variable = compile((v: tf.Variable) => tf.mul(v, 2));
    expect(variable(one.weight).dataSync()[0]).toBe(4);
    one.weight.assign(tf.scalar(10));
    expect(variable(one.weight).dataSync()[0]).toBe(20);
    expect(variable(two.weight).dataSync()[0]).toBe(6);
    expect(variable.traces).toHaveLength(2);
  });

  test('typed arrays are refused, disposed tensors too', () => {
    const f = compile((x: Float32Array | tf.Tensor) => tf.mul(x as tf.Tensor, 2));
    expect(() => f(new Float32Array(2))).toThrow(/argument 0 is a typed array.*tf\.tensor/);
    const gone = tf.scalar(1);
    gone.dispose();
    expect(() => f(gone)).toThrow(/argument 0 has been disposed/);
  });

  test('the same tensor twice is not taken for one', () => {
    const sub = compile((a: tf.Tensor, b: tf.Tensor) => tf.sub(a, b));
    const x = tf.scalar(5);
    expect(sub(x, x).dataSync()[0]).toBe(0);
    expect(sub(x, tf.scalar(2)).dataSync()[0]).toBe(3);
    expect(sub.traces).toHaveLength(1);
  });

  test('tensors in arrays and objects are arguments, results have any structure', () => {
    const f = compile((parts: { list: tf.Tensor[]; by: tf.Tensor }) => ({
      all: parts.list.map((part) => tf.mul(part, parts.by)),
      count: parts.list.length,
    }));
    for (const by of [2, 3]) {
      const { all, count } = f({ list: [tf.scalar(1), tf.scalar(2)], by: tf.scalar(by) });
      expect(count).toBe(2);
      expect(all.map((part) => part.dataSync()[0])).toEqual([by, 2 * by]);
    }
    expect(f.traces).toHaveLength(1);
  });

  test('the backend belongs to the signature', async () => {
    tf.registerBackend('other', () => tf.findBackendFactory('cpu')() as tf.KernelBackend);
    for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
      tf.registerKernel({ kernelName, kernelFunc, backendName: 'other' });
    }
    const f = compile((x: tf.Tensor) => tf.mul(x, 2));
    const x = tf.scalar(4);
    expect(f(x).dataSync()[0]).toBe(8);
    await tf.setBackend('other');
    expect(f(x).dataSync()[0]).toBe(8);
    await tf.setBackend('cpu');
    expect(f(x).dataSync()[0]).toBe(8);
    expect(f.traces.map(({ backendName }) => backendName)).toEqual(['cpu', 'other']);
    tf.removeBackend('other');
    f.dispose();
  });
});

describe('inputSignature', () => {
  const specs = [{ shape: [null, 3] }, { shape: [], dtype: 'int32' as const }];
  const f = compile((x: tf.Tensor, n: tf.Tensor) => tf.mul(x, tf.cast(n, 'float32')), {
    name: 'scale',
    inputSignature: specs,
  });

  test('free dimensions take any size, without a warning', () => {
    for (let rows = 1; rows < 9; rows++) {
      expect(f(tf.ones([rows, 3]), tf.scalar(2, 'int32')).shape).toEqual([rows, 3]);
    }
    expect(warn).not.toHaveBeenCalled();
  });

  test('other arguments are refused', () => {
    const n = tf.scalar(2, 'int32');
    expect(() => f(tf.ones([2, 4]), n)).toThrow(
      /Argument 0 of 'scale' is float32\[2,4\].*float32\[any,3\]/,
    );
    expect(() => f(tf.ones([2, 3]), tf.scalar(1))).toThrow(/Argument 1 of 'scale' is float32\[\]/);
    expect(() => (f as unknown as (x: tf.Tensor) => void)(tf.ones([2, 3]))).toThrow(
      /takes 2 arguments/,
    );
    expect(() => f(3 as unknown as tf.Tensor, n)).toThrow(/must be a tensor/);
  });
});

describe('retracing', () => {
  test('warns with the reason, once for every so many', () => {
    const f = compile((x: tf.Tensor, step: number) => tf.mul(x, step), { name: 'step' });
    for (let step = 0; step < 5; step++) f(tf.scalar(1), step);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/'step'.*argument 1 was 3 and is 4/);
    for (let step = 5; step < 9; step++) f(tf.scalar(1), step);
    expect(warn).toHaveBeenCalledTimes(1);
  });

  test('does not warn of traces among many replays', () => {
    const f = compile((x: tf.Tensor) => tf.mul(x, 2));
    for (let size = 1; size < 8; size++) {
      for (let i = 0; i < 5; i++) f(tf.ones([size]));
    }
    expect(warn).not.toHaveBeenCalled();
  });

  test('keeps a bounded number of traces, the ones used last', () => {
    const { body, runs } = traced((x: tf.Tensor) => tf.mul(x, 2));
    const f = compile(body, { maxTraces: 2 });
    f(tf.ones([1]));
    f(tf.ones([2]));
    f(tf.ones([1]));
    f(tf.ones([3]));
    expect(f.traces).toHaveLength(2);
    f(tf.ones([1]));
    expect(runs).toHaveLength(3);
    f(tf.ones([2]));
    expect(runs).toHaveLength(4);
    expect(() => compile(body, { maxTraces: 0 })).toThrow(RangeError);
  });

  test('a change of what is trainable makes a new trace', () => {
    const w = tf.variable(tf.scalar(2));
    const { body, runs } = traced((x: tf.Tensor) => tf.mul(x, w.trainable ? w : tf.scalar(7)));
    const f = compile(body);
    f(tf.scalar(1));
    w.trainable = false;
    expect(f(tf.scalar(1)).dataSync()[0]).toBe(7);
    expect(runs).toHaveLength(2);
  });
});

describe('JavaScript while tracing', () => {
  test('side effects happen while tracing only', () => {
    const seen: string[] = [];
    let count = 0;
    const f = compile((x: tf.Tensor) => {
      seen.push(`traced with ${x.shape}`);
      count++;
      return tf.add(x, count);
    });
    const results = [1, 2, 3].map((value) => f(tf.scalar(value)).dataSync()[0]);
    expect(results).toEqual([2, 3, 4]);
    expect(seen).toEqual(['traced with ']);
  });

  test('loops are unrolled and branches taken once, on JavaScript values', () => {
    const power = compile((x: tf.Tensor, n: number) => {
      let result = x;
      for (let i = 1; i < n; i++) result = tf.mul(result, x);
      return n > 2 ? tf.neg(result) : result;
    });
    expect(power(tf.scalar(2), 2).dataSync()[0]).toBe(4);
    expect(power(tf.scalar(2), 5).dataSync()[0]).toBe(-32);
    expect(power(tf.scalar(3), 5).dataSync()[0]).toBe(-243);
    expect(power.traces[1]!.operations.filter((name) => name === 'Multiply')).toHaveLength(4);
  });

  test('lists may gather tensors', () => {
    const f = compile((x: tf.Tensor1D) => {
      const steps: tf.Tensor[] = [];
      for (let i = 0; i < 3; i++) steps.push(tf.add(x, i));
      return tf.stack(steps);
    });
    for (const value of [1, 5]) {
      expect(f(tf.tensor1d([value])).arraySync()).toEqual([[value], [value + 1], [value + 2]]);
    }
  });

  test('nested compiled functions become part of the outer program', () => {
    const inner = compile((x: tf.Tensor) => tf.square(x));
    const outer = compile((x: tf.Tensor) => tf.add(inner(x), 1));
    expect([1, 2, 3].map((x) => outer(tf.scalar(x)).dataSync()[0])).toEqual([2, 5, 10]);
    expect(inner.traces).toHaveLength(0);
    expect(outer.traces[0]!.operations).toEqual(['Square', 'Add']);
  });

  test('a result may be an argument, a captured tensor, a variable, a constant, or twice the same', () => {
    const captured = tf.scalar(7);
    const v = tf.variable(tf.scalar(8));
    const f = compile((x: tf.Tensor) => {
      const y = tf.mul(x, 2);
      return [x, captured, v, tf.scalar(9), y, y];
    });
    const before = tf.memory().numTensors;
    for (const value of [1, 2, 3]) {
      const x = tf.scalar(value);
      const result = f(x);
      expect(result.map((part) => part.dataSync()[0])).toEqual([
        value,
        7,
        8,
        9,
        value * 2,
        value * 2,
      ]);
      expect(result[4]).toBe(result[5]);
      expect(result[0]).not.toBe(x);
      tf.dispose(result);
      expect(x.dataSync()[0]).toBe(value);
      x.dispose();
    }
    expect(captured.dataSync()[0]).toBe(7);
    expect(v.dataSync()[0]).toBe(8);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('methods', () => {
  class Scale {
    traced = 0;
    constructor(readonly factor: tf.Variable) {}
    @compiled
    apply(x: tf.Tensor, by = 1): tf.Tensor {
      this.traced++;
      return tf.mul(tf.mul(x, this.factor), by);
    }
    @compiled.with({ maxTraces: 1 })
    other(x: tf.Tensor): tf.Tensor {
      return tf.neg(x);
    }
    plain(): void {}
  }
  class Twice extends Scale {
    override apply(x: tf.Tensor): tf.Tensor {
      return tf.mul(super.apply(x), 2);
    }
  }

  test('each object has traces of its own', () => {
    const a = new Scale(tf.variable(tf.scalar(2)));
    const b = new Scale(tf.variable(tf.scalar(3)));
    for (let i = 0; i < 2; i++) {
      expect(a.apply(tf.scalar(1)).dataSync()[0]).toBe(2);
      expect(b.apply(tf.scalar(1)).dataSync()[0]).toBe(3);
      expect(b.apply(tf.scalar(1), 5).dataSync()[0]).toBe(15);
      expect(new Twice(a.factor).apply(tf.scalar(1)).dataSync()[0]).toBe(4);
    }
    expect([a.traced, b.traced]).toEqual([1, 2]);
    expect(compiledOf(b, 'apply').traces).toHaveLength(2);
    expect(() => compiledOf(b, 'plain')).toThrow(/not marked/);
  });

  test('static methods are refused', () => {
    expect(() => {
      class Tools {
        readonly name = 'tools';
        @compiled
        static apply(x: tf.Tensor): tf.Tensor {
          return x;
        }
      }
      return Tools;
    }).toThrow(/static/);
  });
});

describe('looking inside', () => {
  test('prints operations, shapes and memory', () => {
    const w = tf.variable(tf.ones([3, 2]), true, 'weights');
    const f = compile((x: tf.Tensor2D) => tf.relu(tf.matMul(x, w as tf.Tensor2D)), {
      name: 'layer',
    });
    f(tf.ones([4, 3]));
    const text = String(f.traces[0]);
    expect(text).toContain('layer(argument 0: float32[4,3])');
    expect(text).toContain('= variable weights');
    expect(text).toMatch(/float32\[4,2\] = BatchMatMul\(a: %\d+, b: %\d+\)/);
    expect(text).toMatch(/memory: 64 bytes are computed, at most 64 at a time/);
  });

  test('runEagerly runs the function itself', () => {
    const { body, runs } = traced((x: tf.Tensor) => tf.neg(x));
    const f = compile(body);
    runEagerly(true);
    try {
      f(tf.scalar(1));
      f(tf.scalar(1));
    } finally {
      runEagerly(false);
    }
    expect(runs).toHaveLength(2);
    expect(f.traces).toHaveLength(0);
    expect(f.original).toBe(body);
  });
});

describe('optimizing', () => {
  test('copies, repetitions, constants and dead code are gone', () => {
    const f = compile((x: tf.Tensor) => {
      tf.exp(x); // nobody uses it
      const half = tf.div(tf.scalar(1), tf.scalar(2));
      const a = tf.mul(tf.clone(x), half);
      const b = tf.mul(tf.cast(x, 'float32'), half);
      return tf.add(a, tf.reshape(b, b.shape));
    });
    f(tf.scalar(3));
    expect(f(tf.scalar(4)).dataSync()[0]).toBe(4);
    expect(f.traces[0]!.operations).toEqual(['Multiply', 'Add']);
  });
});
