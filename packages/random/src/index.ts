export { fillNormal, fillUniform } from './fill.js';
export { fillTruncatedNormal } from './fill-truncated.js';
export { foldIn, type Purpose } from './fold-in.js';
export { type DrawObserver, drawTensor, observeDraws } from './observe-draws.js';
export { permutation } from './permutation.js';
export { philox4x32 } from './philox.js';
export { stepSeed, withStep } from './step.js';
