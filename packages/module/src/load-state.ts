import { type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { expectationsOf } from './expectations.js';
import { growth } from './growth.js';
import { type LoadReport, LoadStateError, type Mismatch, suggestPartners } from './load-report.js';
import { fits, type TensorValue, toTensor } from './state.js';
import type { Trackable } from './trackable.js';
import { variableNodes } from './variable-nodes.js';

/** How strict loading is. */
export interface LoadOptions {
  /** Refuse values that have no place in the module. Default true; false also implies `partial`. */
  readonly strict?: boolean;
  /** Accept that some variables get no value. Default false. */
  readonly partial?: boolean;
  /**
   * The path in the module for a path in the state: by a table (paths that are not
   * in it stay), or by a function (which returns undefined to leave a value out).
   */
  readonly rename?: Readonly<Record<string, string>> | ((path: string) => string | undefined);
}

/**
 * Assigns the values of `state` to the variables below `module`, all or none.
 *
 * A path that belongs to a layer which is not made yet is kept and assigned when
 * the layer is made.
 *
 * @throws LoadStateError when a value does not fit its variable, and unless the
 *   options allow it, when a variable gets no value or a value has no place
 */
export function loadState(
  module: Trackable,
  state: ReadonlyMap<string, TensorValue>,
  { strict = true, partial = false, rename }: LoadOptions = {},
): LoadReport {
  const values = renamed(state, rename);
  const variables = new Map(variableNodes(module).map(({ path, value }) => [path, value]));
  const report = compare(module, values, variables);
  const refused =
    report.mismatched.length > 0 ||
    (strict && report.unexpected.length > 0) ||
    (strict && !partial && report.missing.length > 0);
  if (refused) throw new LoadStateError(report);

  assignAll(values, variables, report.loaded);
  const expected = expectationsOf(module).values;
  if (!partial) expected.clear();
  for (const path of report.loaded) expected.delete(path);
  for (const path of report.deferred) expected.set(path, values.get(path)!);
  return report;
}

function compare(
  module: Trackable,
  values: ReadonlyMap<string, TensorValue>,
  variables: ReadonlyMap<string, Variable>,
): LoadReport {
  const loaded: string[] = [];
  const unexpected: string[] = [];
  const deferred: string[] = [];
  const mismatched: Mismatch[] = [];
  const isExpected = growth(module);
  for (const path of [...values.keys()].sort()) {
    const value = values.get(path)!;
    const variable = variables.get(path);
    if (!variable) {
      (isExpected(path) ? deferred : unexpected).push(path);
    } else if (fits(value, variable)) {
      loaded.push(path);
    } else {
      const { shape, dtype } = variable;
      const expected = { shape, dtype: dtype as TensorValue['dtype'] };
      mismatched.push({ path, expected, actual: { shape: value.shape, dtype: value.dtype } });
    }
  }
  const missing = [...variables.keys()].filter((path) => !values.has(path));
  const suggestions = suggestPartners(missing, [...unexpected, ...deferred]);
  return { loaded, missing, unexpected, mismatched, deferred, suggestions };
}

function assignAll(
  values: ReadonlyMap<string, TensorValue>,
  variables: ReadonlyMap<string, Variable>,
  paths: readonly string[],
): void {
  tidy(() => {
    // Whatever can fail comes first: making tensors may run out of memory.
    const ready: [Variable, Tensor][] = [];
    for (const path of paths) {
      const variable = variables.get(path)!;
      if (variable.isDisposed) throw new Error(`loadStateDict: '${path}' has been disposed of.`);
      ready.push([variable, toTensor(values.get(path)!)]);
    }
    for (const [variable, tensor] of ready) variable.assign(tensor);
  });
}

function renamed(
  state: ReadonlyMap<string, TensorValue>,
  rename: LoadOptions['rename'],
): Map<string, TensorValue> {
  const values = new Map<string, TensorValue>();
  const origin = new Map<string, string>();
  const table = new Map(typeof rename === 'object' ? Object.entries(rename) : []);
  for (const [from, value] of state) {
    const to = typeof rename === 'function' ? rename(from) : (table.get(from) ?? from);
    if (to === undefined) continue;
    const other = origin.get(to);
    if (other !== undefined) {
      throw new Error(
        `loadStateDict: rename gives both '${other}' and '${from}' the path '${to}'.`,
      );
    }
    const size = value.shape.reduce((product, axis) => product * axis, 1);
    if (value.data.length !== size) {
      throw new Error(
        `loadStateDict: '${from}' has ${value.data.length} numbers, but its shape [${value.shape}] needs ${size}.`,
      );
    }
    origin.set(to, from);
    values.set(to, value);
  }
  return values;
}
