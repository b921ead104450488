import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import { fuseElementwise } from './fuse-elementwise.js';
import { joinBias } from './join-bias.js';
import { WasmProgram } from './program.js';
import { RegionPlan } from './regions.js';
import type { Program, ProgramSource } from './source.js';

/** Makes a program of `source` on the backend's heap. */
export function compileProgram(backend: AeWasmBackend, source: ProgramSource): Program | undefined {
  const isNumeric = source.values.every(({ dtype }) => dtype !== 'string' && dtype !== 'complex64');
  if (!isNumeric) return undefined;
  const fused = fuseElementwise(joinBias(source), backend.threads);
  return new WasmProgram(backend, fused, new RegionPlan(backend, fused).make());
}
