import fc from 'fast-check';
import { fillNormal, fillUniform, foldIn, permutation, philox4x32 } from './index.js';

function philox(counter: number[], key: [number, number]): string[] {
  const out = new Uint32Array(4);
  philox4x32(counter, key[0], key[1], out);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0'));
}

describe('philox4x32', () => {
  // The known answers that the authors ship with Random123 (kat_vectors, philox4x32 10).
  test('gives the known answers', () => {
    const ones = 0xffffffff;
    expect(philox([0, 0, 0, 0], [0, 0])).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']);
    expect(philox([ones, ones, ones, ones], [ones, ones])).toEqual([
      '408f276d',
      '41c83b0e',
      'a20bc7c6',
      '6d5451fd',
    ]);
    expect(
      philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]),
    ).toEqual(['d16cfe09', '94fdcceb', '5001e420', '24126ea1']);
  });
});

describe('foldIn', () => {
  test('is the same for the same arguments and differs for others', () => {
    const seeds = [
      foldIn(0),
      foldIn(1),
      foldIn(0, 'a'),
      foldIn(0, ''),
      foldIn(0, 'ab', 'c'),
      foldIn(0, 'a', 'bc'),
      foldIn(0, 'abc'),
      foldIn(0, 1),
      foldIn(0, '1'),
      foldIn(0, 1, 0),
      foldIn(0, -1),
      foldIn(2 ** 32),
      foldIn(0, 2 ** 32),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
    expect(foldIn(7, 'enc1/kernel', 3)).toBe(foldIn(7, 'enc1/kernel', 3));
  });

  test('stays what it is, because checkpoints rely on it', () => {
    expect(foldIn(0, 'enc1/kernel')).toMatchInlineSnapshot(`3612267127`);
  });

  test('refuses what is not an integer', () => {
    expect(() => foldIn(0.5)).toThrow('the seed must be an integer, not 0.5');
    expect(() => foldIn(0, Number.NaN)).toThrow('a purpose must be an integer, not NaN');
  });
});

describe('fillUniform and fillNormal', () => {
  test('element i does not depend on the length', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(50), fc.nat(50), (seed, short, more) => {
        for (const fill of [fillUniform, fillNormal]) {
          const long = fill(seed, new Float32Array(short + more));
          expect(fill(seed, new Float32Array(short))).toEqual(long.slice(0, short));
        }
      }),
    );
  });

  test('have the moments they should have', () => {
    const n = 200_000;
    const moments = (values: Float32Array): [number, number] => {
      const mean = values.reduce((sum, x) => sum + x, 0) / n;
      return [mean, values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n];
    };
    const [uniformMean, uniformVariance] = moments(fillUniform(1, new Float32Array(n), -2, 4));
    // Five standard errors of each estimate.
    expect(Math.abs(uniformMean - 1)).toBeLessThan(5 * Math.sqrt(3 / n));
    expect(Math.abs(uniformVariance - 3)).toBeLessThan(5 * Math.sqrt(7.2 / n));
    const [normalMean, normalVariance] = moments(fillNormal(2, new Float32Array(n), 3, 2));
    expect(Math.abs(normalMean - 3)).toBeLessThan(5 * Math.sqrt(4 / n));
    expect(Math.abs(normalVariance - 4)).toBeLessThan(5 * Math.sqrt(32 / n));
  });
});

describe('permutation', () => {
  test('holds each number once and depends on the seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(300), (seed, length) => {
        const order = permutation(seed, length);
        expect(Array.from(order).sort((a, b) => a - b)).toEqual(
          Array.from({ length }, (_, i) => i),
        );
        expect(permutation(seed, length)).toEqual(order);
      }),
    );
    expect(permutation(1, 100)).not.toEqual(permutation(2, 100));
  });

  test('gives every order of three equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = permutation(seed, 3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Five standard deviations of a binomial count.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
  });

  test('refuses a bad length', () => {
    expect(() => permutation(0, -1)).toThrow('the length must be 0 .. 2^32 - 1, not -1');
  });
});
