import type * as Jax from '@jax-js/jax';

/** Who runs a case. */
export const VARIANTS = ['ours-1', 'ours-2', 'stock-wasm', 'stock-cpu', 'jax-js'] as const;

export type Variant = (typeof VARIANTS)[number];

/** A case whose operands are ready. */
export interface Prepared {
  /** Computes it once, completely: nothing is left to do when it returns or resolves. */
  run(): void | Promise<void>;
  /** Frees the operands. */
  dispose(): void | Promise<void>;
}

/** One operation at one size. */
export interface Case {
  /** `operation/size`, for `--only` and the results. */
  readonly name: string;
  /** Multiplications and additions of one run; undefined where they are not what takes the time. */
  readonly flops: number | undefined;
  /** Which peers can compute it in bearable time. */
  readonly peers: readonly Exclude<Variant, 'ours-1' | 'ours-2'>[];
  /** With TensorFlow.js, on whatever backend is active. */
  tfjs(): Prepared;
  /** With jax-js; there if `peers` names it. */
  jax?(jax: typeof Jax): Prepared;
}
