export { type FromKerasOptions, fromKeras } from './from-keras.js';
export { fromPyTorch, type PyTorchOptions } from './from-pytorch.js';
export { type FromTensorFlowOptions, fromTensorFlow } from './from-tensorflow.js';
export type { FlattenedShape } from './pytorch-layouts.js';
export type { Rename } from './rename.js';
export type { HasNamedVariables } from './target.js';
export { type HasState, type ToKerasOptions, toKeras } from './to-keras.js';
export { toPyTorch } from './to-pytorch.js';
