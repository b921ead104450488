import { callSite } from './call-site.js';

/** Something inside a compiled function that no program can mean; it is never run eagerly instead. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** A kernel failed within a program although it worked while tracing. */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  constructor(kernel: string, cause: unknown) {
    super(`its kernel ${kernel} does not work in a program (${String(cause)})`, { cause });
  }
}

/** Backends that run programs throw errors of the same name. */
export function isKernelError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'KernelError';
}

/** Makes the error for what the current line of the traced function does. */
export function refused(functionName: string, what: string, advice: string): RefusedError {
  return new RefusedError(
    `The compiled function '${functionName}' ${what} (at ${callSite()}). ${advice}`,
  );
}
