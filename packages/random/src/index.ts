// biome-ignore-all assist/source/organizeImports: in the order a newcomer needs
export { foldIn, type Purpose } from './fold-in.js';
export { fillNormal, fillUniform } from './fill.js';
export { fillTruncatedNormal } from './fill-truncated.js';
export { permutation } from './permutation.js';
export { stepSeed, withStep } from './step.js';
export { type DrawObserver, drawTensor, observeDraws } from './observe-draws.js';
export { philox4x32 } from './philox.js';
