// biome-ignore-all assist/source/organizeImports: in the order a newcomer needs
export {
  compile,
  type Compiled,
  type CompileOptions,
  executingEagerly,
  runEagerly,
} from './compile.js';
export { compiled, compiledOf, type MethodDecorator } from './compiled.js';
export type { TensorSpec } from './input-signature.js';
export { hostValue } from './host-value.js';
export { randomNormal, randomUniform } from './random.js';
export { inspect, untraceable } from './inspect.js';
export { RefusedError } from './errors.js';
export type { Trace } from './trace.js';
export type { MemoryUse } from './memory-plan.js';
export type { BackendProgram, ProgramBackend, ProgramSource } from './backend-program.js';
