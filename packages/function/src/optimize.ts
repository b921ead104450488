import type { Graph, Operation, Source, ValueId } from './graph.js';
import { mapOperands, operandsOf, rootsOf } from './graph.js';
import { isLive } from './live-attributes.js';

/**
 * The same program with less to do: copies are gone, equal operations on equal operands are done
 * once, and what nothing depends on is left out.
 */
export function optimize(graph: Graph): Graph {
  return withoutDeadCode(withoutRepetition(graph));
}

function withoutRepetition(graph: Graph): Graph {
  const { values } = graph;
  const replaced = new Map<ValueId, ValueId>();
  const now = (id: ValueId): ValueId => replaced.get(id) ?? id;
  const done = new Map<string, Operation>();
  const operations: Operation[] = [];
  for (const original of graph.operations) {
    const operation = { ...original, inputs: mapOperands(original.inputs, now) };
    if (isCopy(operation, graph)) {
      replaced.set(operation.outputs[0]!, operandsOf(operation)[0]!);
      continue;
    }
    const key = keyOf(operation);
    const same = key === undefined ? undefined : done.get(key);
    if (same !== undefined) {
      operation.outputs.forEach((id, i) => {
        replaced.set(id, same.outputs[i]!);
      });
      continue;
    }
    if (key !== undefined) done.set(key, operation);
    operations.push(operation);
  }
  return {
    values,
    sources: graph.sources,
    operations,
    results: graph.results.map(now),
    assignments: graph.assignments.map(({ variable, value }) => ({ variable, value: now(value) })),
  };
}

/** Whether the output has the elements, type and shape of the input. */
function isCopy({ kernel, inputs, outputs }: Operation, { values }: Graph): boolean {
  if (kernel !== 'Identity' && kernel !== 'Cast' && kernel !== 'Reshape') return false;
  const { x } = inputs as { x: ValueId };
  const from = values[x]!;
  const to = values[outputs[0]!]!;
  return from.dtype === to.dtype && String(from.shape) === String(to.shape);
}

/** Equal for operations that give equal results; none for those that may differ each time. */
function keyOf({ kernel, inputs, attrs, host }: Operation): string | undefined {
  if (host !== undefined || isLive(attrs)) return undefined;
  return `${kernel} ${JSON.stringify(inputs)} ${JSON.stringify(attrs, exactly)}`;
}

let functions = 0;

/** JSON knows no NaN, infinities, -0 or undefined, all of which attributes may be. */
function exactly(_: string, value: unknown): unknown {
  if (value === undefined) return 'undefined';
  // Functions cannot be compared: none is equal to another.
  if (typeof value === 'function') return `function ${functions++}`;
  if (typeof value !== 'number') return value;
  return Number.isFinite(value) && !Object.is(value, -0) ? value : `${1 / value} ${value}`;
}

function withoutDeadCode(graph: Graph): Graph {
  const needed = new Set(rootsOf(graph));
  const operations = graph.operations
    .slice()
    .reverse()
    .filter((operation) => {
      // Without outputs, an operation is there for its effect.
      const isNeeded =
        operation.outputs.length === 0 || operation.outputs.some((id) => needed.has(id));
      if (isNeeded) for (const id of operandsOf(operation)) needed.add(id);
      return isNeeded;
    })
    .reverse();
  // Arguments stay, so that their place among the sources tells which they are.
  const isUsed = ({ kind, value }: Source) => kind === 'argument' || needed.has(value);
  return { ...graph, operations, sources: graph.sources.filter(isUsed) };
}
