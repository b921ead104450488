import { engine, findBackend, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from './backend/ae-wasm-backend.js';
import type { BackendInfo, WasmOptions } from './backend/create-backend.js';
import { createBackend } from './backend/create-backend.js';
import { BACKEND_NAME, registerKernels } from './backend/register-kernels.js';

/** Above tfjs's own backends: `wasm` has 2, `webgl` 2, `webgpu` 3. */
const PRIORITY = 4;

let options: WasmOptions = {};
let info: BackendInfo | undefined;
let prepared: AeWasmBackend | undefined;

async function prepare(): Promise<AeWasmBackend> {
  const created = await createBackend(options);
  info = created.info;
  return created.backend;
}

/**
 * Registers the backend `ae-wasm` and selects it. Call it once, before the first tensor; after
 * `tf.engine().reset()` call it (or `tf.setBackend('ae-wasm')`) again.
 *
 * @returns what the backend found and chose, as {@link backendInfo} does later
 * @throws Error when the engine has no WebAssembly SIMD or the `.wasm` files cannot be loaded
 */
export async function useWasm(wanted: WasmOptions = {}): Promise<BackendInfo> {
  options = wanted;
  registerKernels();
  if (findBackend(BACKEND_NAME) == null) {
    // Made here and not by tfjs's factory, since tfjs only warns of what a factory throws.
    prepared = await prepare();
    if (!(BACKEND_NAME in engine().registryFactory)) {
      registerBackend(
        BACKEND_NAME,
        () => {
          const backend = prepared ?? prepare();
          prepared = undefined;
          return backend;
        },
        PRIORITY,
      );
    }
  }
  await setBackend(BACKEND_NAME);
  return backendInfo();
}

/**
 * What the backend found and chose.
 *
 * @throws Error before {@link useWasm}
 */
export function backendInfo(): BackendInfo {
  if (info === undefined) throw new Error('No backend yet: call `await useWasm()` first.');
  return info;
}
