export type { BackendInfo, WasmOptions } from './backend/create-backend.js';
export type { WasmPath } from './backend/files.js';
export { backendInfo, useWasm } from './use-wasm.js';
