import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';

const BYTES = 60;
const tables = new WeakMap<AeWasmBackend, number>();

/** Where the constants of assembly/elementwise/exponential.ts stand in the backend's heap. */
export function constantsOf(backend: AeWasmBackend): number {
  let table = tables.get(backend);
  if (table === undefined) {
    table = backend.heap.allocate(BYTES);
    backend.kernels.writeConstants(table);
    tables.set(backend, table);
  }
  return table;
}
