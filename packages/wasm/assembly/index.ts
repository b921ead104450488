// Every export of the kernel module. Kernels share the heap of the tfjs WASM
// backend and own no memory: no data segments, no statics, no allocation.
export * from './elementwise/fill';
export { integerProductTask } from './gemm/integer';
export { packTask, productTask } from './gemm/product';
export { peak } from './gemm/peak';
export { convTask } from './conv/forward';
export { convBackpropFilterTask, sumSlices } from './conv/backprop-filter';
export { convBackpropInputTask } from './conv/backprop-input';
export * from './elementwise/unary';
export * from './elementwise/exponential';
export * from './elementwise/unary-task';
export * from './elementwise/binary';
export * from './elementwise/compare';
export * from './elementwise/logical';
export * from './elementwise/binary-task';
export * from './elementwise/select';
export * from './elementwise/cast';
export * from './memory/copy';
export * from './memory/gather';
export * from './memory/segment-sum';
export * from './optimizer/adam';
export * from './optimizer/sgd';
export { reduceRowsTask } from './reduce/rows';
export { reduceColumnsTask } from './reduce/columns';
export { addChunks, sumChunksTask } from './reduce/sum-chunks';
export { softmaxTask } from './reduce/softmax';
