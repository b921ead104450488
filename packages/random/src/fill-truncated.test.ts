import { fillTruncatedNormal } from './index.js';

describe('fillTruncatedNormal', () => {
  test('has the shares that the error function gives', () => {
    const n = 400_000;
    const values = fillTruncatedNormal(1, new Float32Array(n)).sort();
    // Phi(z), and what is left of it between -2 and 2.
    const normal = [
      [-1.9, 0.028716559816],
      [-1, 0.158655253931],
      [-0.25, 0.401293674317],
      [0, 0.5],
      [1.5, 0.933192798731],
    ] as const;
    for (const [z, phi] of normal) {
      const expected = (phi - 0.022750131948) / 0.954499736104;
      const share = values.findIndex((value) => value > z) / n;
      expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt(0.25 / n));
    }
    expect(values[0]).toBeGreaterThanOrEqual(-2);
    expect(values[n - 1]).toBeLessThanOrEqual(2);
  });

  test('element i does not depend on the length', () => {
    const long = fillTruncatedNormal(3, new Float32Array(50), 1, 2);
    expect(fillTruncatedNormal(3, new Float32Array(7), 1, 2)).toEqual(long.slice(0, 7));
  });
});
