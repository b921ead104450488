/** Made by scripts/bundle.mjs: every kernel of tfjs-backend-wasm. */
declare module 'stock-kernels' {
  import type { KernelConfig } from '@tensorflow/tfjs-core';

  export const stockKernels: readonly KernelConfig[];
}
