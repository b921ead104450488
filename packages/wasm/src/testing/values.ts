import type { Tensor } from '@tensorflow/tfjs-core';

// Looked up once: a global costs much in the context in which tests run.
const { abs, imul } = Math;

/** Numbers between -1 and 1, the same for the same seed. */
export function values(shape: readonly number[], seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    state = (imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Compares sums of `terms` products of numbers between -1 and 1, up to rounding. */
export function expectClose(actual: Tensor, expected: ArrayLike<number>, terms: number): void {
  const data = actual.dataSync();
  expect(data.length).toBe(expected.length);
  const tolerance = 1e-6 * (terms + 4);
  for (let i = 0; i < data.length; i++) {
    if (!(abs(data[i]! - expected[i]!) <= tolerance)) {
      throw new Error(`element ${i}: ${data[i]} instead of ${expected[i]}`);
    }
  }
}
