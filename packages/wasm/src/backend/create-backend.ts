import type { KernelExports } from '../generated/kernel-exports.js';
import { AeWasmBackend } from './ae-wasm-backend.js';
import { hasRelaxedSimd, hasSimd } from './features.js';
import type { WasmFile, WasmPath } from './files.js';
import { compileFile } from './files.js';
import { isNode, nodeModule } from './node.js';
import { StockModule } from './stock-module.js';
import { MAX_ARGUMENTS, SerialRunner } from './task-runner.js';

/** How {@link useWasm} sets up the backend. */
export interface WasmOptions {
  /** `'auto'` (the default) uses relaxed SIMD where the engine has it, `false` never. */
  relaxedSimd?: 'auto' | false;
  /** Where the package's `.wasm` files are, if not beside its JavaScript. */
  wasmPath?: WasmPath;
  /** Bytes beyond which the heap does not grow; by default 4 GiB, what 32 bits can address. */
  memoryLimit?: number;
}

/** What the backend found and chose. */
export interface BackendInfo {
  backend: 'ae-wasm';
  /** 128-bit vector instructions; always true, for the backend does not run without. */
  simd: true;
  /** Whether kernels use fused multiply-add. */
  relaxedSimd: boolean;
  threads: number;
}

const LARGEST_HEAP = 2 ** 32 - 2 ** 16;

/** Loads the WebAssembly modules and makes a backend of them. */
export async function createBackend(
  options: WasmOptions,
): Promise<{ backend: AeWasmBackend; info: BackendInfo }> {
  if (!hasSimd()) {
    throw new Error(
      '@ae/wasm needs WebAssembly SIMD (Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or newer), ' +
        'which this JavaScript engine does not have.',
    );
  }
  const relaxedSimd = options.relaxedSimd !== false && enableRelaxedSimd();
  const kernelsFile: WasmFile = relaxedSimd ? 'kernels-relaxed.wasm' : 'kernels-simd.wasm';
  const [stockModule, kernelsModule] = await Promise.all([
    compileFile('tfjs-simd.wasm', options.wasmPath),
    compileFile(kernelsFile, options.wasmPath),
  ]);
  const memoryLimit = Math.min(options.memoryLimit ?? LARGEST_HEAP, LARGEST_HEAP);
  const stock = StockModule.instantiate(stockModule, undefined, memoryLimit);
  const { memory } = stock;
  const { exports } = await WebAssembly.instantiate(kernelsModule, { env: { memory } });
  const kernels = exports as unknown as KernelExports;
  const runner = new SerialRunner(kernels, memory, stock._malloc(4 * MAX_ARGUMENTS));
  return {
    backend: new AeWasmBackend({ stock, kernels, runner }),
    info: { backend: 'ae-wasm', simd: true, relaxedSimd, threads: 1 },
  };
}

/** Node 20 has relaxed SIMD behind a flag, which can be set as long as nothing was compiled. */
function enableRelaxedSimd(): boolean {
  if (!hasRelaxedSimd() && isNode) {
    nodeModule('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
  return hasRelaxedSimd();
}
