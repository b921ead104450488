export type { WasmPath } from './backend/files.js';
export type { BackendInfo, WasmOptions } from './backend/options.js';
export { backendInfo, useWasm } from './use-wasm.js';
