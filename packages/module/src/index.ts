// biome-ignore-all assist/source/organizeImports: in the order a newcomer needs
export { Module, type ModuleOptions } from './module.js';
export {
  type ModuleOrVariables,
  namedVariablesOf,
  NoVariablesError,
  trainableVariablesOf,
} from './module-or-variables.js';
export type { StateDict, TensorValue } from './state.js';
export type { LoadOptions } from './load-state.js';
export { describeLoad, type LoadReport, LoadStateError, type Mismatch } from './load-report.js';
export type { PathPattern } from './path-pattern.js';
export { ema, ExponentialMovingAverage } from './ema.js';
export type { Summary, SummaryRow } from './summary.js';
export { currentNameScope, inNameScope } from './name-scope.js';
export { nearestName } from './nearest-name.js';

// For packages that make layers and variables late, as @ae/layer-dict does.
export { isTrackable, joinPath, type Trackable } from './trackable.js';
export { announceVariables } from './expectations.js';
export { type Ancestor, ancestry, linkHolder, registerTrackable } from './lineage.js';
export { type TrackedNode, walk } from './walk.js';
export { isLayer, type LayerLike, layerParts, layerVariables } from './layer-like.js';
export { heldTensors } from './held-tensors.js';
export { isOuterLayer, type LayerNode, observe, type Observer, startObserving } from './observe.js';
export { shadow } from './shadow.js';
