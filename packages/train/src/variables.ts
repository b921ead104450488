import * as ae from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { toBackend, toHost } from './tensor-value.js';

/** A module, a list of variables (whose names are their paths), or variables by path. */
export type VariableSource = ae.ModuleOrVariables | ReadonlyMap<string, tf.Variable>;

/** Every variable, by path. */
export function variablesOf(source: VariableSource): ReadonlyMap<string, tf.Variable> {
  return isMap(source) ? source : ae.namedVariablesOf(source);
}

/**
 * The variables that training may change, by path: what is frozen is left out.
 *
 * @throws NoVariablesError when there are none, saying why
 */
export function trainableVariablesOf(source: VariableSource): ReadonlyMap<string, tf.Variable> {
  if (!isMap(source)) return ae.trainableVariablesOf(source);
  return new Map([...source].filter(([, variable]) => variable.trainable));
}

/** A copy of all values by path. */
export function readVariables(source: VariableSource): ae.StateDict {
  if (source instanceof ae.Module) return source.stateDict();
  return new Map([...variablesOf(source)].map(([path, variable]) => [path, toHost(variable)]));
}

/**
 * Assigns values by path.
 *
 * @param options.partial whether variables may be left without a value; false
 * @throws Error naming what is missing, left over or of another shape; nothing is assigned then
 */
export function loadVariables(
  source: VariableSource,
  state: ae.StateDict,
  { partial = false }: { partial?: boolean } = {},
): void {
  if (source instanceof ae.Module) {
    source.loadStateDict(state, { partial });
    return;
  }
  const variables = variablesOf(source);
  const unknown = [...state.keys()].filter((path) => !variables.has(path));
  const missing = [...variables.keys()].filter((path) => !state.has(path));
  if (unknown.length > 0 || (missing.length > 0 && !partial)) {
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

function isMap(source: VariableSource): source is ReadonlyMap<string, tf.Variable> {
  return source instanceof Map;
}
