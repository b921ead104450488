import type { WasmPath } from './files.js';

/** How {@link useWasm} sets up the backend. */
export interface WasmOptions {
  /**
   * On how many threads operations compute. `'auto'` (the default): one for each core, at most 8.
   * Results do not depend on it. Where threads are not to be had, in a page that is not
   * cross-origin isolated, it is one, and {@link BackendInfo.threadsReason} says why.
   */
  threads?: 'auto' | number;
  /** `'auto'` (the default) uses relaxed SIMD where the engine has it, `false` never. */
  relaxedSimd?: 'auto' | false;
  /**
   * Lets V8 join pairs of 128-bit operations into 256-bit ones, where it can (Node 24 or newer, on
   * x86 processors with AVX2). An experiment of V8's; off by default. It sets a flag of the whole
   * process.
   */
  revectorize?: boolean;
  /** Where the package's `.wasm` files are, if not beside its JavaScript. */
  wasmPath?: WasmPath;
  /** Bytes beyond which the heap does not grow; by default 4 GiB, what 32 bits can address. */
  memoryLimit?: number;
}

/** What the backend found and chose. */
export interface BackendInfo {
  backend: 'ae-wasm';
  /** 128-bit vector instructions; always true, for the backend does not run without. */
  simd: true;
  /** Whether kernels use fused multiply-add. */
  relaxedSimd: boolean;
  /** Whether V8 was asked to join vector operations into wider ones. */
  revectorize: boolean;
  /** Threads that operations compute on, with the one that calls them. */
  threads: number;
  /** Why there is only one thread, when there is. */
  threadsReason?: string;
}
