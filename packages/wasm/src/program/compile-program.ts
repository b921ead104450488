import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import { fuseElementwise } from './fuse-elementwise.js';
import { joinBias } from './join-bias.js';
import { WasmProgram } from './program.js';
import { RegionPlan } from './regions.js';
import { shrinkConstants } from './shrink-constants.js';
import type { Program, ProgramSource } from './source.js';

/**
 * Makes a program of `source` on the backend's heap.
 *
 * @returns undefined for types that the heap does not hold, and where no code may be made: some pages
 *   forbid it, and some browsers refuse large modules on their main thread
 * @throws Error when the heap has no room
 */
export function compileProgram(backend: AeWasmBackend, source: ProgramSource): Program | undefined {
  const isNumeric = source.values.every(({ dtype }) => dtype !== 'string' && dtype !== 'complex64');
  if (!isNumeric) return undefined;
  const fused = fuseElementwise(joinBias(shrinkConstants(source)), backend.threads);
  const layout = new RegionPlan(backend, fused).make();
  try {
    return new WasmProgram(backend, fused, layout);
  } catch (error) {
    if (error instanceof WebAssembly.CompileError || error instanceof RangeError) return undefined;
    throw error;
  }
}
