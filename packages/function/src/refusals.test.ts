import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { compile, RefusedError } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

const LINE = /refusals\.test\.ts:\d+:\d+/;

describe('values cannot be read while tracing', () => {
  const reads: [string, (x: tf.Tensor) => unknown][] = [
    ['dataSync', (x) => x.dataSync()],
    ['arraySync', (x) => x.arraySync()],
    ['array', (x) => void x.array()],
    ['data', (x) => void x.data().then(() => {})],
    ['print', (x) => x.print()],
    ['toString', (x) => String(x)],
    ['bufferSync', (x) => x.bufferSync()],
  ];
  test.each(reads)('%s', (_, read) => {
    const f = compile(
      (x: tf.Tensor) => {
        const y = tf.mul(x, 2);
        read(y);
        return y;
      },
      { name: 'reader' },
    );
    const x = tf.scalar(1);
    const before = tf.memory().numTensors;
    expect(() => f(x)).toThrow(RefusedError);
    expect(() => f(x)).toThrow(/'reader' reads the value of a tensor.*tf\.where/);
    expect(() => f(x)).toThrow(LINE);
    expect(tf.memory().numTensors).toBe(before);
    expect(x.dataSync()[0]).toBe(1);
  });

  test('even if the error is caught', () => {
    const f = compile((x: tf.Tensor) => {
      try {
        if (x.dataSync()[0]! > 0) return x;
      } catch {}
      return tf.neg(x);
    });
    expect(() => f(tf.scalar(1))).toThrow(RefusedError);
  });

  test('variables are readable again afterwards', () => {
    const v = tf.variable(tf.scalar(4));
    const f = compile(() => v.dataSync());
    expect(() => f()).toThrow(RefusedError);
    expect(v.dataSync()[0]).toBe(4);
    v.assign(tf.scalar(5));
    expect(v.dataSync()[0]).toBe(5);
  });
});

test('asynchronous functions are refused', async () => {
  const f = compile(async (x: tf.Tensor) => tf.neg(x));
  expect(() => f(tf.scalar(1))).toThrow(/asynchronous/);
  const g = compile(async (x: tf.Tensor) => (await x.data())[0]);
  expect(() => g(tf.scalar(1))).toThrow(RefusedError);
});

test('what was made outside cannot be disposed of inside', () => {
  const captured = tf.scalar(1);
  const v = tf.variable(tf.scalar(1));
  const advice = /disposes of a tensor that it did not make.*tf\.Variable/;
  const cases = [
    compile((_: tf.Tensor) => captured.dispose()),
    compile((x: tf.Tensor) => x.dispose()),
    compile((_: tf.Tensor) => v.dispose()),
    compile((x: tf.Tensor) => tf.dispose([tf.neg(x), captured])),
  ];
  const x = tf.scalar(3);
  for (const f of cases) {
    expect(() => f(x)).toThrow(advice);
    expect(() => f(x)).toThrow(LINE);
  }
  expect([captured, v, x].map((tensor) => tensor.dataSync()[0])).toEqual([1, 1, 3]);
  const own = compile((input: tf.Tensor) => {
    const y = tf.neg(input);
    const z = tf.neg(y);
    y.dispose();
    return z;
  });
  expect(own(x).dataSync()[0]).toBe(3);
});

describe('what cannot become a program', () => {
  test('runs eagerly with one notice', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const f = compile((x: tf.Tensor1D) => tf.unique(x).values, { name: 'distinct' });
    expect(f(tf.tensor1d([1, 1, 2])).arraySync()).toEqual([1, 2]);
    expect(f(tf.tensor1d([1, 2, 3])).arraySync()).toEqual([1, 2, 3]);
    expect(f(tf.tensor1d([1, 2, 3, 3])).arraySync()).toEqual([1, 2, 3]);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/'distinct'.*Unique.*eagerly/);
    warn.mockRestore();
  });

  test('throws when strict, with variables as they were', () => {
    const v = tf.variable(tf.scalar(1));
    const f = compile(
      (x: tf.Tensor1D) => {
        v.assign(tf.scalar(2));
        return tf.unique(x).values;
      },
      { strict: true },
    );
    expect(() => f(tf.tensor1d([1, 1]))).toThrow(/cannot become a program.*Unique/);
    expect(v.dataSync()[0]).toBe(1);
  });

  test('a kernel that works on tensors only falls back too', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    tf.registerKernel({
      kernelName: 'OnlyTensors',
      backendName: 'cpu',
      kernelFunc: ({ inputs }) => tf.neg(inputs.x as tf.Tensor),
    });
    const run = (x: tf.Tensor) => tf.engine().runKernel('OnlyTensors', { x }) as tf.Tensor;
    const v = tf.variable(tf.scalar(0));
    const f = compile((x: tf.Tensor) => {
      v.assign(tf.add(v, 1));
      return run(tf.mul(x, 2));
    });
    const x = tf.scalar(3);
    const before = tf.memory().numTensors;
    for (const calls of [1, 2, 3]) {
      tf.tidy(() => expect(f(x).dataSync()[0]).toBe(-6));
      expect(v.dataSync()[0]).toBe(calls);
    }
    expect(tf.memory().numTensors).toBe(before);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/OnlyTensors does not work in a program/);
    tf.unregisterKernel('OnlyTensors', 'cpu');
    warn.mockRestore();
  });
});

describe('randomness', () => {
  test.each([
    ['randomNormal', () => tf.randomNormal([3])],
    ['randomUniform', () => tf.randomUniform([40])],
    ['truncatedNormal', () => tf.mul(tf.truncatedNormal([3]), 2)],
    ['rand', () => tf.rand([3], Math.random)],
    ['randomGamma', () => tf.randomGamma([3], 1)],
  ])('tf.%s would freeze, and is refused', (name, make) => {
    const f = compile(() => make());
    const before = tf.memory().numTensors;
    expect(() => f()).toThrow(new RegExp(`tf\\.${name}.*same at every call.*@ae/function`));
    expect(() => f()).toThrow(LINE);
    expect(tf.memory().numTensors).toBe(before);
  });
});
