import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { compile, hostValue, RefusedError, randomNormal, randomUniform } from './index.js';

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
    const f = compile((x: tf.Tensor) => tf.engine().runKernel('OnlyTensors', { x }) as tf.Tensor);
    for (const value of [1, 2, 3]) expect(f(tf.scalar(value)).dataSync()[0]).toBe(-value);
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

  const live: [string, (x: tf.Tensor2D) => tf.Tensor][] = [
    ['dropout', (x) => tf.dropout(x, 0.5)],
    ['randomNormal', () => randomNormal([64])],
    ['randomUniform', () => randomUniform([64], 2, 5)],
    ['randomStandardNormal', () => tf.randomStandardNormal([64])],
    ['multinomial', (x) => tf.multinomial(x, 32)],
  ];
  test.each(live)('%s draws anew at each call, repeatably', (_, draw) => {
    const x = tf.ones([8, 8]) as tf.Tensor2D;
    const f = compile(draw, { seed: 5 });
    const runs = [0, 1, 2, 3].map(() => Array.from(f(x).dataSync()));
    expect(new Set(runs.map(String)).size).toBe(4);
    expect(f.traces).toHaveLength(1);
    f.calls = 1;
    expect(Array.from(f(x).dataSync())).toEqual(runs[1]);
    const again = compile(draw, { seed: 5 });
    expect([0, 1, 2, 3].map(() => Array.from(again(x).dataSync()))).toEqual(runs);
    const other = compile(draw, { seed: 6 });
    expect(Array.from(other(x).dataSync())).not.toEqual(runs[0]);
  });

  test('two random operations of one call differ', () => {
    const f = compile(() => [randomNormal([4]), randomNormal([4])]);
    for (let i = 0; i < 3; i++) {
      const [a, b] = f().map((part) => String(part.dataSync()));
      expect(a).not.toBe(b);
    }
  });

  test('dropout drops the rate it is given, and its gradient the same places', () => {
    const f = compile((x: tf.Tensor) => {
      const drop = (input: tf.Tensor) => tf.sum(tf.dropout(input, 0.25));
      const { value, grad } = tf.valueAndGrad(drop)(x);
      return [value, grad];
    });
    const x = tf.ones([40, 40]);
    for (let i = 0; i < 3; i++) {
      const [value, grad] = f(x) as [tf.Tensor, tf.Tensor];
      expect(tf.sum(grad).dataSync()[0]).toBeCloseTo(value.dataSync()[0]!, 1);
      expect(value.dataSync()[0]! / 1600).toBeCloseTo(1, 1);
    }
  });
});

test('hostValue asks JavaScript at each call', () => {
  let rate = 1;
  const f = compile((x: tf.Tensor) =>
    tf.mul(
      x,
      hostValue(() => rate),
    ),
  );
  const x = tf.scalar(2);
  const before = tf.memory().numTensors;
  const results = [1, 2, 3].map((value) => {
    rate = value;
    return tf.tidy(() => f(x).dataSync()[0]);
  });
  expect(results).toEqual([2, 4, 6]);
  expect(tf.memory().numTensors).toBe(before);
  expect(hostValue(() => 4).dataSync()[0]).toBe(4);
});
