import type { KernelExports } from '../generated/kernel-exports.js';
import { AeWasmBackend } from './ae-wasm-backend.js';
import { hasSimd } from './features.js';
import { compileFile } from './files.js';
import type { BackendInfo, WasmOptions } from './options.js';
import { StockModule } from './stock-module.js';
import type { TaskRunner } from './task-runner.js';
import { ArgumentBlock, SerialRunner } from './task-runner.js';
import { chooseThreads } from './threads/choose-threads.js';
import { ThreadPool } from './threads/thread-pool.js';
import { enableRelaxedSimd, enableRevectorize } from './v8-flags.js';

/** What {@link createBackend} makes. */
export interface CreatedBackend {
  backend: AeWasmBackend;
  info: BackendInfo;
}

/** Loads the WebAssembly modules, starts the workers and makes a backend of them. */
export async function createBackend(options: WasmOptions): Promise<CreatedBackend> {
  if (!hasSimd()) {
    throw new Error(
      '@ae/wasm needs WebAssembly SIMD (Node 16.4, Chrome 91, Firefox 89, Safari 16.4 or newer), ' +
        'which this JavaScript engine does not have.',
    );
  }
  const features = {
    // Before anything is compiled: it applies to what is compiled afterwards.
    revectorize: options.revectorize === true && enableRevectorize(),
    relaxedSimd: options.relaxedSimd !== false && enableRelaxedSimd(),
  };
  const { threads, reason } = chooseThreads(options.threads ?? 'auto');
  if (threads === 1) return load(options, features, 1, reason);
  try {
    return await load(options, features, threads, reason);
  } catch (error) {
    return load(options, features, 1, error instanceof Error ? error.message : String(error));
  }
}

type Features = Pick<BackendInfo, 'relaxedSimd' | 'revectorize'>;

async function load(
  options: WasmOptions,
  features: Features,
  threads: number,
  threadsReason: string | undefined,
): Promise<CreatedBackend> {
  const shared = threads > 1 ? '-shared' : '';
  const [stockModule, module] = await Promise.all([
    compileFile(`tfjs-simd${shared}.wasm`, options.wasmPath),
    compileFile(
      `kernels-${features.relaxedSimd ? 'relaxed' : 'simd'}${shared}.wasm`,
      options.wasmPath,
    ),
  ]);
  const stock = StockModule.instantiate(stockModule, threads > 1, options.memoryLimit);
  const { memory } = stock;
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const kernels = exports as unknown as KernelExports;
  const block = new ArgumentBlock(memory, stock._malloc(ArgumentBlock.bytes));
  const runner: TaskRunner =
    threads > 1
      ? await ThreadPool.start(threads, { module, exports, memory, block })
      : new SerialRunner(kernels, block);
  return {
    backend: new AeWasmBackend({ stock, kernels, runner, relaxedSimd: features.relaxedSimd }),
    info: {
      backend: 'ae-wasm',
      simd: true,
      ...features,
      threads,
      ...(threadsReason !== undefined && { threadsReason }),
    },
  };
}
