import type { KernelConfig } from '@tensorflow/tfjs-core';
import { fill } from './fill.js';

/** Every kernel of this package; where tfjs-backend-wasm has one of the same name, ours replaces it. */
export const ownKernels: readonly KernelConfig[] = [fill];
