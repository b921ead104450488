import type { KernelConfig } from '@tensorflow/tfjs-core';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './conv/conv2d.js';
import { fill } from './fill.js';
import { batchMatMul, fusedMatMul } from './gemm/matmul.js';

/** Every kernel of this package; where tfjs-backend-wasm has one of the same name, ours replaces it. */
export const ownKernels: readonly KernelConfig[] = [
  fill,
  batchMatMul,
  fusedMatMul,
  conv2D,
  fusedConv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
];
