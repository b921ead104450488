import type { Graph, ValueId } from './graph.js';
import { operandsOf, rootsOf } from './graph.js';

/** Which computed values are needed for the last time by each operation, in their order. */
export function lastUses(graph: Graph): ValueId[][] {
  const seen = new Set([...rootsOf(graph), ...graph.sources.map(({ value }) => value)]);
  const uses: ValueId[][] = [];
  for (const operation of graph.operations.slice().reverse()) {
    // An output that nothing needs is done with at once.
    const ids = new Set([...operandsOf(operation), ...operation.outputs]);
    const last = [...ids].filter((id) => !seen.has(id));
    for (const id of last) seen.add(id);
    uses.push(last);
  }
  return uses.reverse();
}
