export { type AuditReport, audit } from './audit.js';
export { layer } from './callable-layer.js';
export { DriftError, LayerDict, type LayerDictOptions, type LayerName } from './layer-dict.js';
export { setSeed } from './seed.js';
export type { ArgumentsOf, CallableLayer, CallOptions, Made, Maker } from './types.js';
