import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Values = ArrayLike<number>;

interface Measured {
  readonly tolerance: number;
  readonly worst: number;
}

const measured = new Map<string, Measured>();

/** The norm of the difference, relative to that of `expected`. */
function relativeError(actual: Values, expected: Values): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  // Gradients that are zero but for rounding are held against the unit instead.
  return Math.sqrt(difference) / (size > 1e-10 ? Math.sqrt(size) : 1);
}

export function norm(values: Values): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/** Checks an error against its tolerance, and remembers the worst of its kind. */
export function expectWithin(quantity: string, error: number, tolerance: number): void {
  const worst = Math.max(error, measured.get(quantity)?.worst ?? 0);
  measured.set(quantity, { tolerance, worst });
  expect(error).toBeLessThanOrEqual(tolerance);
}

/** Checks values against reference values: relative to the norm of the latter. */
export function expectClose(
  quantity: string,
  actual: Values,
  expected: Values,
  tolerance: number,
): void {
  expectWithin(quantity, relativeError(actual, expected), tolerance);
}

// `npm run table` collects these into the documentation.
if (process.env.MEASURED !== undefined) {
  const folder = process.env.MEASURED;
  afterAll(() => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${process.pid}-${Date.now()}.json`);
    writeFileSync(file, JSON.stringify(Object.fromEntries(measured)));
  });
}
