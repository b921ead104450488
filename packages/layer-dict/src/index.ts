// biome-ignore-all assist/source/organizeImports: in the order a newcomer needs
export { LayerDict, type LayerDictOptions, type LayerName, DriftError } from './layer-dict.js';
export { layer } from './callable-layer.js';
export type { ArgumentsOf, CallableLayer, CallOptions, Made, Maker } from './types.js';
export { setSeed } from './seed.js';
export { audit, type AuditReport } from './audit.js';
