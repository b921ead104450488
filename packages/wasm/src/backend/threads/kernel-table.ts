import type { Kernel } from './job.js';

/** Names of a module's functions, in an order that is the same on every thread. */
export function kernelNames(module: WebAssembly.Module): string[] {
  return WebAssembly.Module.exports(module)
    .filter(({ kind }) => kind === 'function')
    .map(({ name }) => name);
}

/** The functions of an instance, in the order of {@link kernelNames}. */
export function kernelTable(module: WebAssembly.Module, exports: WebAssembly.Exports): Kernel[] {
  return kernelNames(module).map((name) => exports[name] as unknown as Kernel);
}
