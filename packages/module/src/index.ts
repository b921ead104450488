export { isLayer, type LayerLike, layerParts, layerVariables } from './layer-like.js';
export { type Ancestor, ancestry, linkHolder, registerTrackable } from './lineage.js';
export { Module } from './module.js';
export type { StateDict, TensorValue } from './state.js';
export { isTrackable, joinPath, type Trackable } from './trackable.js';
export { type TrackedNode, walk } from './walk.js';
