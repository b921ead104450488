import type { KernelConfig } from '@tensorflow/tfjs-core';
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
import { stockKernels } from 'stock-kernels';
import { ownKernels } from '../kernels/index.js';

export const BACKEND_NAME = 'ae-wasm';

let registered = false;

/** Registers every kernel for this backend: tfjs-backend-wasm's, then ours, which replace those. */
export function registerKernels(): void {
  if (registered) return;
  registered = true;
  const configs = new Map(stockKernels.map((stock) => [stock.kernelName, stock]));
  for (const own of ownKernels) {
    const stock = configs.get(own.kernelName);
    configs.set(own.kernelName, stock ? replacing(stock, own) : own);
  }
  for (const config of configs.values()) {
    // Another copy of this package may have been here; its kernels would call its own backend.
    if (getKernel(config.kernelName, BACKEND_NAME)) {
      unregisterKernel(config.kernelName, BACKEND_NAME);
    }
    registerKernel({ ...config, backendName: BACKEND_NAME });
  }
}

/** Stock kernels call each other directly, so one that was replaced must be set up all the same. */
function replacing(stock: KernelConfig, own: KernelConfig): KernelConfig {
  return {
    ...own,
    setupFunc: (backend) => {
      stock.setupFunc?.(backend);
      own.setupFunc?.(backend);
    },
  };
}
