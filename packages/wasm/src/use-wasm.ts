import { engine, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import type { CreatedBackend } from './backend/create-backend.js';
import { createBackend } from './backend/create-backend.js';
import type { BackendInfo, WasmOptions } from './backend/options.js';
import { BACKEND_NAME, registerKernels } from './backend/register-kernels.js';

/** Above tfjs's own backends: `wasm` and `webgl` have 2, `webgpu` 3. */
const PRIORITY = 4;

let options: WasmOptions = {};
let info: BackendInfo | undefined;
let calls: Promise<unknown> = Promise.resolve();

/**
 * Registers the backend `ae-wasm` and selects it. Call it once, before the first tensor; after
 * `tf.engine().reset()` call it again (or `tf.setBackend('ae-wasm')`, which keeps the options).
 *
 * @param wanted how to set it up; without it, a backend that is there already stays as it is
 * @returns what the backend found and chose, as {@link backendInfo} does later
 * @throws Error when the engine has no WebAssembly SIMD, when the `.wasm` files cannot be loaded,
 *   or when other options are asked for while tensors live on the backend
 */
export function useWasm(wanted?: WasmOptions): Promise<BackendInfo> {
  // One after the other: two calls at once must not make two backends.
  const result = calls.then(() => select(wanted));
  calls = result.catch(() => {});
  return result;
}

async function select(wanted: WasmOptions | undefined): Promise<BackendInfo> {
  registerKernels();
  const existing = engine().registry[BACKEND_NAME];
  if (existing === undefined) {
    await start(wanted ?? options);
  } else if (wanted !== undefined && !sameOptions(wanted, options)) {
    const buffers = existing.numDataIds();
    if (buffers > 0) {
      throw new Error(
        `useWasm cannot change the options of backend ${BACKEND_NAME} while ${buffers} tensors' ` +
          'data live on it. Dispose of them, or call tf.engine().reset() first.',
      );
    }
    await start(wanted);
  }
  await setBackend(BACKEND_NAME);
  return backendInfo();
}

/** Makes the backend here, since of what a factory throws tfjs only warns. */
async function start(chosen: WasmOptions): Promise<void> {
  let created: CreatedBackend | undefined = await createBackend(chosen);
  options = chosen;
  // Disposes of a backend with other options; after a reset there is only the factory.
  if (BACKEND_NAME in engine().registryFactory) removeBackend(BACKEND_NAME);
  const factory = async () => {
    const { backend, info: found } = created ?? (await createBackend(options));
    created = undefined;
    info = found;
    return backend;
  };
  registerBackend(BACKEND_NAME, factory, PRIORITY);
}

function sameOptions(a: WasmOptions, b: WasmOptions): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof WasmOptions)[];
  return names.every((name) => a[name] === b[name]);
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
