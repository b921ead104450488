import { callSite } from './call-site.js';

/** Something inside a compiled function that no program can mean; it is never run eagerly instead. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

/** Makes the error for what the current line of the traced function does. */
export function refused(functionName: string, what: string, advice: string): RefusedError {
  return new RefusedError(
    `The compiled function '${functionName}' ${what} (at ${callSite()}). ${advice}`,
  );
}
