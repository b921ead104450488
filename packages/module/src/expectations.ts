import { tidy, type Variable } from '@tensorflow/tfjs-core';
import { growth } from './growth.js';
import { isLayer, type LayerLike } from './layer-like.js';
import { linkHolder, withHolders } from './lineage.js';
import { nearestName } from './nearest-name.js';
import { shadow } from './shadow.js';
import { assertFits, type TensorValue, toTensor } from './state.js';
import { isTrackable, type Trackable } from './trackable.js';
import { type VariableNode, variableNodes, variablesAmong } from './variable-nodes.js';
import { type TrackedNode, walk } from './walk.js';

/** What a module has been told about variables that may be made later. */
interface Expectations {
  /** Loaded values that no variable has claimed yet, by path. */
  readonly values: Map<string, TensorValue>;
  /** Freezing and unfreezing, in the order in which they were asked for. */
  readonly rules: FreezeRule[];
  /** Variables that the rules have been applied to; afterwards they are left to the caller. */
  readonly ruled: WeakSet<Variable>;
}

/** One call of `freeze` or `unfreeze`. */
interface FreezeRule {
  readonly matches: (path: string, variable: Variable) => boolean;
  readonly frozen: boolean;
  /** The path, when the pattern is a plain one, which is meant to match something. */
  readonly literal: string | undefined;
}

const expectations = new WeakMap<Trackable, Expectations>();

/** What `module` expects of variables to come. */
export function expectationsOf(module: Trackable): Expectations {
  let found = expectations.get(module);
  if (!found) {
    found = { values: new Map(), rules: [], ruled: new WeakSet() };
    expectations.set(module, found);
  }
  for (const node of walk(module, linkHolder)) announceWhenBuilt(node);
  return found;
}

const watched = new WeakSet<LayerLike>();

/** Has a plain tfjs-layers layer announce its variables, of which it would tell nobody. */
function announceWhenBuilt({ value: layer, owner }: TrackedNode): void {
  if (!isLayer(layer) || layer.built !== false || watched.has(layer)) return;
  let holder = owner;
  while (holder && !isTrackable(holder.value)) holder = holder.owner;
  const announcer = holder?.value;
  if (!isTrackable(announcer)) return;
  watched.add(layer);
  const build = layer.build;
  const undo = shadow(layer, 'build', (inputShape) => {
    undo();
    build.call(layer, inputShape);
    announceVariables(announcer);
  });
}

/** Forgets everything that `module` was told about variables to come. */
export function clearExpectations(module: Trackable): void {
  expectations.delete(module);
}

/** Variables that `freeze` has frozen: only these does `unfreeze` give back. */
const frozenByUs = new WeakSet<Variable>();

/**
 * Freezes or unfreezes what matches below `module`, now and when it is made later.
 *
 * @returns the paths of the variables that this changed
 * @throws Error when a literal path is that of nothing, and nothing can be made there
 */
export function addRule(module: Trackable, rule: FreezeRule): string[] {
  const variables = settledVariables(module);
  if (rule.literal !== undefined) assertMatches(module, rule.literal, rule, variables);
  const { rules, ruled } = expectationsOf(module);
  rules.push(rule);
  const changed: string[] = [];
  for (const { path, value } of variables) {
    ruled.add(value);
    if (rule.matches(path, value) && applyRule(rule, value)) changed.push(path);
  }
  return changed;
}

function assertMatches(
  module: Trackable,
  path: string,
  { matches }: FreezeRule,
  variables: readonly VariableNode[],
): void {
  if (variables.some((node) => matches(node.path, node.value))) return;
  const mayMake = growth(module);
  if (mayMake(path) || mayMake(`${path}/kernel`)) return;
  const above = walk(module, linkHolder).map((node) => node.path);
  const meant = nearestName(path, new Set(above.filter((each) => each !== '')));
  throw new Error(
    `There is nothing at '${path}' to freeze or unfreeze, and nothing can be made there.` +
      (meant === undefined ? '' : ` Did you mean '${meant}'?`),
  );
}

/** Applies a rule to a variable; returns whether that changed it. */
function applyRule(rule: FreezeRule, variable: Variable): boolean {
  if (rule.frozen && variable.trainable) {
    frozenByUs.add(variable);
    variable.trainable = false;
    return true;
  }
  if (!rule.frozen && frozenByUs.has(variable)) {
    frozenByUs.delete(variable);
    variable.trainable = true;
    return true;
  }
  return false;
}

/**
 * Gives the variables that `node` has just made their loaded values and freezes
 * those that were to be frozen, as asked of any module above it. Whoever makes
 * variables late calls this before they are used.
 *
 * @throws Error when a kept value does not fit its variable
 */
export function announceVariables(node: Trackable): void {
  for (const holder of withHolders(node)) settle(holder);
}

/** The variables below `root` by path, after fulfilling what any module below it expects of them. */
export function settledVariables(root: Trackable): VariableNode[] {
  const nodes = walk(root, linkHolder);
  for (const { value } of nodes) {
    if (isTrackable(value)) settle(value);
  }
  return variablesAmong(nodes);
}

/** Fulfils what `module` expects of the variables that exist by now. */
function settle(module: Trackable): void {
  const expected = expectations.get(module);
  if (!expected) return;
  for (const { path, value: variable } of variableNodes(module)) {
    const value = expected.values.get(path);
    if (value) {
      assertFits(path, value, variable);
      tidy(() => variable.assign(toTensor(value)));
      expected.values.delete(path);
    }
    if (expected.ruled.has(variable)) continue;
    expected.ruled.add(variable);
    for (const rule of expected.rules) {
      if (rule.matches(path, variable)) applyRule(rule, variable);
    }
  }
}
