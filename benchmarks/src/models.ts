import { autoEncoder } from './models/auto-encoder.js';
import { dense } from './models/dense.js';
import type { Model } from './models/model.js';

/** The models of the cases `step/*` and `encode/*`, and of the scripts in `native/`. */
export const MODELS: readonly Model[] = [
  autoEncoder,
  dense(784, 64, 784),
  dense(784, 128, 32, 128, 784),
  dense(64, 32, 8, 32, 64),
];
