import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Graph, Source, ValueId } from './graph.js';
import { mapOperands } from './graph.js';

/** A graph in lines: what it reads, each operation with types, what it gives. */
export function printGraph(name: string, signature: string, graph: Graph): string[] {
  const typed = (id: ValueId) => `%${id}: ${typeOf(graph, id)}`;
  return [
    `${name}(${signature})`,
    ...graph.sources.map((source) => `  ${typed(source.value)} = ${sourceText(source)}`),
    ...graph.operations.map(
      ({ kernel, inputs, attrs, outputs }) =>
        `  ${outputs.map(typed).join(', ')} = ${kernel}(${operandText(inputs)})${attributeText(attrs)}`,
    ),
    ...graph.assignments.map(({ variable, value }) => `  ${variable.name} := %${value}`),
    `  return ${graph.results.map((id) => `%${id}`).join(', ')}`,
  ];
}

function typeOf({ values }: Graph, id: ValueId): string {
  const { dtype, shape } = values[id]!;
  return `${dtype}[${shape}]`;
}

function sourceText(source: Source): string {
  switch (source.kind) {
    case 'argument':
      return `argument ${source.index}`;
    case 'variable':
      return `variable ${source.variable.name}`;
    case 'captured':
      return 'captured tensor';
    default:
      return source.kind;
  }
}

function operandText(inputs: Parameters<typeof mapOperands>[0]): string {
  const text = (operand: unknown): string =>
    Array.isArray(operand) ? `[${operand.join(', ')}]` : String(operand);
  const named = mapOperands(inputs, (id) => `%${id}`);
  if (Array.isArray(named)) return named.join(', ');
  return Object.entries(named)
    .filter(([, operand]) => operand !== undefined)
    .map(([name, operand]) => `${name}: ${text(operand)}`)
    .join(', ');
}

function attributeText(attrs: NamedAttrMap | undefined): string {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(attrs ?? {}));
  const texts = descriptors
    .filter(([, { get, value }]) => get !== undefined || (value !== undefined && value !== null))
    .map(([name, { get, value }]) => `${name}=${get ? 'live' : JSON.stringify(value)}`);
  return texts.length === 0 ? '' : ` {${texts.join(', ')}}`;
}
