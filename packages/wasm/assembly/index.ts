// Every export of the kernel module. Kernels share the heap of the tfjs WASM
// backend and own no memory: no data segments, no statics, no allocation.
export * from './elementwise/fill';
export { integerProductTask } from './gemm/integer';
export { packTask, productTask } from './gemm/product';
export { peak } from './gemm/peak';
export { convTask } from './conv/forward';
export { convBackpropFilterTask, sumSlices } from './conv/backprop-filter';
export { convBackpropInputTask } from './conv/backprop-input';
