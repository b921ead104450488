import { ancestry } from './lineage.js';
import type { Trackable } from './trackable.js';

const scopes: Trackable[] = [];
const located = new WeakSet<Error>();

/**
 * Runs `run` in the name scope of a module or callable: {@link currentNameScope}
 * tells its path, and an error from inside says where it comes from.
 *
 * `run` must be synchronous: what it awaits runs outside of the scope.
 */
export function inNameScope<T>(node: Trackable, run: () => T): T {
  scopes.push(node);
  try {
    return run();
  } catch (error) {
    // The innermost scope knows best.
    if (error instanceof Error && !located.has(error)) {
      located.add(error);
      const path = ancestry(node)[0]!.path;
      if (path !== '') amend(error, ` (in '${path}')`);
    }
    throw error;
  } finally {
    scopes.pop();
  }
}

/** The path of the innermost name scope, or `''` outside of all: for profilers and messages. */
export function currentNameScope(): string {
  const node = scopes.at(-1);
  return node ? ancestry(node)[0]!.path : '';
}

/** Extends the message in place, so that the error keeps its class and its stack. */
function amend(error: Error, text: string): void {
  const message = error.message + text;
  if (error.stack) error.stack = error.stack.replace(error.message, () => message);
  error.message = message;
}
