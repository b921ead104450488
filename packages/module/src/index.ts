// What a package needs that makes variables late, as @ae/layer-dict does.

export { ExponentialMovingAverage, ema } from './ema.js';
export { announceVariables } from './expectations.js';
export { isLayer, type LayerLike, layerParts, layerVariables } from './layer-like.js';
export { type Ancestor, ancestry, linkHolder, registerTrackable } from './lineage.js';
export { describeLoad, type LoadReport, LoadStateError, type Mismatch } from './load-report.js';
export type { LoadOptions } from './load-state.js';
export { Module, type ModuleOptions } from './module.js';
export {
  type ModuleOrVariables,
  NoVariablesError,
  namedVariablesOf,
  trainableVariablesOf,
} from './module-or-variables.js';
export { currentNameScope, inNameScope } from './name-scope.js';
export { nearestName } from './nearest-name.js';
export { isOuterLayer, type LayerNode, type Observer, observe, startObserving } from './observe.js';
export type { PathPattern } from './path-pattern.js';
export { shadow } from './shadow.js';
export type { StateDict, TensorValue } from './state.js';
export type { Summary, SummaryRow } from './summary.js';
export { isTrackable, joinPath, type Trackable } from './trackable.js';
export { type TrackedNode, walk } from './walk.js';
