// What happens anew at each call although no kernel does it.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { drawTensor, fillNormal } from '@ae/random';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { compile, hostValue, inspect, randomNormal, randomUniform, untraceable } from './index.js';

beforeAll(() => useWasm({ threads: 1 }));

describe.each(['cpu', 'ae-wasm'])('on %s', (backend) => {
  beforeAll(() => tf.setBackend(backend));

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

  test('random operations may be given seeds of their own', () => {
    let step = 3;
    const f = compile(() => randomUniform([5], 0, 1, () => step));
    const first = String(f().dataSync());
    step = 4;
    expect(String(f().dataSync())).not.toBe(first);
    step = 3;
    expect(String(f().dataSync())).toBe(first);
    expect(String(randomUniform([5], 0, 1, () => 3).dataSync())).toBe(first);
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

  test('numbers of @ae/random are refused, or live by drawTensor', () => {
    const fill = (seed: number) => fillNormal(seed, new Float32Array(4));
    const frozen = compile(() => tf.tensor(fill(1), [2, 2]));
    expect(() => frozen()).toThrow(/same at every call.*drawTensor/);
    let step = 0;
    const live = compile(() => {
      const noise = drawTensor(
        [2, 2],
        () => fill(step),
        (values) => tf.tensor(values, [2, 2]),
      );
      return tf.mul(noise, 2);
    });
    for (step = 0; step < 3; step++) {
      expect(live().dataSync()).toEqual(fill(step).map((value) => value * 2));
    }
    expect(live.traces).toHaveLength(1);
  });

  describe('inspect', () => {
    test('gives values at each call, in order', () => {
      const seen: number[] = [];
      const f = compile((x: tf.Tensor) => {
        const y = tf.mul(x, 2);
        inspect(y, ([value]) => seen.push(value!));
        inspect(tf.add(y, 1), ([value]) => seen.push(value!));
        return tf.mul(y, 2);
      });
      for (const value of [1, 2, 3]) expect(f(tf.scalar(value)).dataSync()[0]).toBe(4 * value);
      expect(seen).toEqual([2, 3, 4, 5, 6, 7]);
      inspect(tf.scalar(8), ([value]) => seen.push(value!));
      expect(seen.at(-1)).toBe(8);
    });

    test('what it throws ends the call before any variable is changed', () => {
      const v = tf.variable(tf.scalar(1));
      const f = compile((x: tf.Tensor) => {
        v.assign(tf.add(v, 1));
        inspect(x, ([value]) => {
          if (value! < 0) throw new RangeError(`negative: ${value}`);
        });
        v.assign(tf.add(v, x));
      });
      for (const [value, expected] of [
        [1, 3],
        [2, 6],
        [-5, 6],
        [1, 8],
      ] as const) {
        const x = tf.scalar(value);
        const before = tf.memory();
        if (value < 0) expect(() => f(x)).toThrow(RangeError);
        else f(x);
        expect(v.dataSync()[0]).toBe(expected);
        if (value < 0) {
          expect(tf.memory().numTensors).toBe(before.numTensors);
          expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
        }
        x.dispose();
      }
    });
  });

  test('untraceable leaves the trace with one notice', () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    let count = 0;
    const f = compile((x: tf.Tensor) => {
      untraceable('it counts');
      return tf.mul(x, ++count);
    });
    for (const n of [1, 2, 3]) expect(f(tf.scalar(1)).dataSync()[0]).toBe(n);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/cannot become a program: it counts/);
    warn.mockRestore();
  });
});
