import type { Case } from './case.js';

/** One line of the results, and of the JSON file. */
export interface Result {
  readonly name: string;
  /** One of `VARIANTS`, or a native peer. */
  readonly variant: string;
  /** Median of one run. */
  readonly ms: number;
  /** 10^9 floating-point operations per second; null where they are not counted. */
  readonly gflops: number | null;
  /** `gflops` as a part of the peak of our innermost loop on one thread. */
  readonly ofPeak: number | null;
}

/** The peak is known in the end only. */
export function resultOf(
  { name, flops }: Pick<Case, 'name' | 'flops'>,
  variant: string,
  ms: number,
): Result {
  return { name, variant, ms, gflops: flops === undefined ? null : flops / ms / 1e6, ofPeak: null };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
