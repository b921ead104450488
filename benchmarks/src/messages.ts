import type { Variant } from './case.js';

/** How a process is told which variant it holds. */
export interface ProcessOptions {
  variant: Variant;
  relaxedSimd: boolean;
}

/** What the benchmark asks of a process; it answers each request once. */
export type Request =
  | { kind: 'prepare'; name: string }
  | { kind: 'measure' }
  | { kind: 'finish' }
  | { kind: 'peak' };

export type Answer =
  | { kind: 'started'; description: string }
  /** A number: milliseconds of one run, or GFLOP/s. */
  | { kind: 'done'; value: number }
  | { kind: 'failed'; message: string };
