export { layers } from './layers.js';
export type { GruArgs } from './recurrent.js';
export type { UpSampling2DArgs } from './up-sampling.js';
