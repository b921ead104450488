import { backendInfo, useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import type { Case, Prepared, Variant } from './case.js';

/** One implementation, set up in this process. */
export interface Engine {
  /** What it is and how it is configured, for the head of the results. */
  readonly description: string;
  prepare(test: Case): Prepared;
  /** GFLOP/s of the innermost loop of the products alone; only ours has it. */
  peak?(): number;
}

/** Sets up the implementation that a variant stands for. A process holds one. */
export async function startEngine(variant: Variant, relaxedSimd: boolean): Promise<Engine> {
  switch (variant) {
    case 'ours-1':
      return ours(1, relaxedSimd);
    case 'ours-2':
      return ours(2, relaxedSimd);
    case 'ours-compiled-1':
      return oursCompiled(1, relaxedSimd);
    case 'ours-compiled-2':
      return oursCompiled(2, relaxedSimd);
    case 'stock-wasm':
      return stockWasm();
    case 'stock-cpu':
      return stockCpu();
    case 'jax-js':
      return jaxJs(true);
    case 'jax-js-eager':
      return jaxJs(false);
  }
}

/** The part of the backend that the benchmark reaches for. */
interface PeakBackend {
  kernels: { peak(memory: number, iterations: number): number };
  scratch(bytes: number): number;
}

async function ours(threads: number, relaxedSimd: boolean): Promise<Engine> {
  await useWasm({ threads, relaxedSimd: relaxedSimd ? 'auto' : false });
  const info = backendInfo();
  const backend = tf.backend() as unknown as PeakBackend;
  return {
    description: `@ae/wasm, ${info.threads} thread(s), ${info.relaxedSimd ? 'relaxed SIMD' : 'SIMD'}`,
    prepare: (test) => test.tfjs(),
    peak: () => {
      const memory = backend.scratch(2 ** 14);
      const start = performance.now();
      const operations = backend.kernels.peak(memory, 500);
      return operations / (performance.now() - start) / 1e6;
    },
  };
}

async function oursCompiled(threads: number, relaxedSimd: boolean): Promise<Engine> {
  const { description } = await ours(threads, relaxedSimd);
  return {
    description: `${description}, as one program`,
    prepare: (test) => {
      if (!test.compiled) throw new Error(`${test.name} is not measured as a program`);
      return test.compiled();
    },
  };
}

async function stockWasm(): Promise<Engine> {
  const { version_wasm } = await import('@tensorflow/tfjs-backend-wasm');
  await tf.setBackend('wasm');
  return {
    description: `tfjs-backend-wasm ${version_wasm}, SIMD, one thread`,
    prepare: (test) => test.tfjs(),
  };
}

async function stockCpu(): Promise<Engine> {
  const { version_cpu } = await import('@tensorflow/tfjs-backend-cpu');
  await tf.setBackend('cpu');
  return {
    description: `tfjs-backend-cpu ${version_cpu}`,
    prepare: (test) => test.tfjs(),
  };
}

async function jaxJs(isCompiled: boolean): Promise<Engine> {
  const module = await import('@jax-js/jax');
  await module.init('wasm');
  module.defaultDevice('wasm');
  // Cases say `jit` where one would; eagerly, that leaves a function as it is.
  const eager = { ...module, jit: ((compute) => compute) as typeof module.jit };
  const jax = isCompiled ? module : eager;
  const how = isCompiled ? 'under jit' : 'without jit';
  return {
    description: `jax-js on WebAssembly, ${how}, as many threads as it takes`,
    prepare: (test) => {
      if (!test.jax) throw new Error(`${test.name} is not written for jax-js`);
      return test.jax(jax);
    },
  };
}
