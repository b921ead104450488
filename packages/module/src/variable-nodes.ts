import type { Variable } from '@tensorflow/tfjs-core';
import { isVariable } from './is-variable.js';
import { linkHolder } from './lineage.js';
import type { Trackable } from './trackable.js';
import { type TrackedNode, walk } from './walk.js';

/** A variable, where it was found. */
export interface VariableNode extends TrackedNode {
  readonly value: Variable;
}

/** The variables below `root`, ordered by path. */
export function variableNodes(root: Trackable): VariableNode[] {
  return variablesAmong(walk(root, linkHolder));
}

/** Those of the nodes that are variables, ordered by path. */
export function variablesAmong(nodes: readonly TrackedNode[]): VariableNode[] {
  return byPath(nodes.filter((node): node is VariableNode => isVariable(node.value)));
}

/** A copy in the order of the paths (by code unit, so that it is the same everywhere). */
export function byPath<N extends { readonly path: string }>(nodes: readonly N[]): N[] {
  return [...nodes].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
