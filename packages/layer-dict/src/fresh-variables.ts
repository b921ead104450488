import { shadow } from '@ae/module';
import { engine, type Variable } from '@tensorflow/tfjs-core';

/** The data that a variable was made with. */
const firstData = new WeakMap<Variable, object>();

/** Runs `run` and notes the variables that it makes, so that {@link isFresh} knows them. */
export function notingVariables<T>(run: () => T): T {
  const running = engine();
  const makeVariable = running.makeVariable;
  const undo = shadow(running, 'makeVariable', (...args) => {
    const made = makeVariable.apply(running, args);
    firstData.set(made, made.dataId);
    return made;
  });
  try {
    return run();
  } finally {
    undo();
  }
}

/** Whether a noted variable still has its initial value: nothing was ever assigned to it. */
export function isFresh(variable: Variable): boolean {
  return firstData.get(variable) === variable.dataId;
}
