export { AutoEncoder, type AutoEncoderOptions } from './auto-encoder.js';
export { LazyAutoEncoder } from './lazy-auto-encoder.js';
export { meanSquaredError } from './losses.js';
