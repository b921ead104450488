export type { BackendProgram, ProgramBackend, ProgramSource } from './backend-program.js';
export { type Compiled, type CompileOptions, compile, runEagerly } from './compile.js';
export { compiled, compiledOf, type MethodDecorator } from './compiled.js';
export { RefusedError } from './errors.js';
export { hostValue } from './host-value.js';
export type { TensorSpec } from './input-signature.js';
export type { MemoryUse } from './memory-plan.js';
export { randomNormal, randomUniform } from './random.js';
export type { Trace } from './trace.js';
