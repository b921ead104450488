import type { Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { TracedEngine } from './engine.js';

/** Methods of the engine, and `Variable.assign`, that take the place of the real ones. */
export type Hooks = Partial<TracedEngine> & {
  assign: (variable: Variable, value: tf.Tensor, assign: () => void) => void;
};

/**
 * Runs `body` while the engine's methods are replaced. They are put back however it ends, so that
 * nothing of tfjs is changed except during a trace.
 */
export function withHooks<Result>(
  engine: TracedEngine,
  { assign, ...methods }: Hooks,
  body: () => Result,
): Result {
  const realAssign = tf.Variable.prototype.assign;
  // The methods live on the engine's prototype: own properties hide them.
  Object.assign(engine, methods);
  tf.Variable.prototype.assign = function (this: Variable, value): void {
    assign(this, value, () => realAssign.call(this, value));
  };
  try {
    return body();
  } finally {
    tf.Variable.prototype.assign = realAssign;
    for (const name of Object.keys(methods)) Reflect.deleteProperty(engine, name);
  }
}
