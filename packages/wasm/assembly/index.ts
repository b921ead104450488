// Every export of the kernel module. Kernels share the heap of the tfjs WASM
// backend and own no memory: no data segments, no statics, no allocation.
export * from './elementwise/fill';
