import type { StateDict } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { toBackend, toHost } from './tensor-value.js';

/** What has variables with paths: a `Module` of `@ae/module`, or anything shaped like it. */
export interface HasNamedVariables {
  namedVariables(): Map<string, tf.Variable>;
  readonly trainableVariables: readonly tf.Variable[];
  stateDict(): StateDict;
  loadStateDict(state: StateDict): unknown;
}

/** A module, a list of variables (whose names are their paths), or variables by path. */
export type VariableSource =
  | HasNamedVariables
  | readonly tf.Variable[]
  | ReadonlyMap<string, tf.Variable>;

/** Every variable of a module or list, by path. */
export function variablesOf(source: VariableSource): Map<string, tf.Variable> {
  if (source instanceof Map) return new Map(source);
  if ('namedVariables' in source) return source.namedVariables();
  const named = new Map<string, tf.Variable>();
  for (const variable of source as readonly tf.Variable[]) {
    if (named.has(variable.name)) {
      throw new Error(`Two variables of the list are called "${variable.name}".`);
    }
    named.set(variable.name, variable);
  }
  return named;
}

/** The variables that training may change, by path: what is frozen is left out. */
export function trainableVariablesOf(source: VariableSource): Map<string, tf.Variable> {
  const named = variablesOf(source);
  const trainable = 'trainableVariables' in source ? new Set(source.trainableVariables) : undefined;
  for (const [path, variable] of named) {
    if (trainable === undefined ? !variable.trainable : !trainable.has(variable)) {
      named.delete(path);
    }
  }
  return named;
}

/** A copy of all values by path. */
export function readVariables(source: VariableSource): StateDict {
  if ('stateDict' in source) return source.stateDict();
  return new Map(
    [...variablesOf(source)].map(([path, variable]) => [path, toHost(variable)] as const),
  );
}

/**
 * Assigns values by path.
 *
 * @throws Error naming what is missing, left over or of another shape; nothing is assigned then
 */
export function loadVariables(source: VariableSource, state: StateDict): void {
  if ('loadStateDict' in source) {
    source.loadStateDict(state);
    return;
  }
  const variables = variablesOf(source);
  const unknown = [...state.keys()].filter((path) => !variables.has(path));
  const missing = [...variables.keys()].filter((path) => !state.has(path));
  if (unknown.length > 0 || missing.length > 0) {
    throw new Error(
      'The values do not belong to these variables. ' +
        `Missing: ${missing.join(', ') || 'none'}. Unknown: ${unknown.join(', ') || 'none'}.`,
    );
  }
  for (const [path, { shape }] of state) {
    const variable = variables.get(path)!;
    if (tf.util.arraysEqual([...shape], variable.shape)) continue;
    throw new Error(`"${path}" has shape [${variable.shape}], its new value [${shape}].`);
  }
  for (const [path, value] of state) {
    const tensor = toBackend(value);
    variables.get(path)!.assign(tensor);
    tensor.dispose();
  }
}
