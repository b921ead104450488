import type * as Jax from '@jax-js/jax';

/** Who runs a case. */
export const VARIANTS = [
  'ours-1',
  'ours-2',
  'ours-compiled-1',
  'ours-compiled-2',
  'stock-wasm',
  'stock-cpu',
  'jax-js',
  'jax-js-eager',
] as const;

export type Variant = (typeof VARIANTS)[number];
export type Peer = Exclude<Variant, `ours-${string}`>;

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
  readonly peers: readonly Peer[];
  /** With TensorFlow.js, on whatever backend is active. */
  tfjs(): Prepared;
  /** With `@ae/wasm` as one program; there where calls, and not one kernel alone, are measured. */
  compiled?(): Prepared;
  /** With jax-js; there if `peers` names it. */
  jax?(jax: typeof Jax): Prepared;
  /** The model whose training step this is, for the scripts in `native/`. */
  readonly nativeModel?: string;
}
