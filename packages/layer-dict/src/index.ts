export { layer } from './callable-layer.js';
export { LayerDict, type LayerDictOptions } from './layer-dict.js';
export { setSeed } from './seed.js';
export type { ArgumentsOf, CallableLayer, CallOptions, Made, Maker } from './types.js';
