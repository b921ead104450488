import { util } from '@tensorflow/tfjs-core';
import { BLOCK } from '../kernels/elementwise/block.js';
import { ELEMENTWISE, OPERAND_NAMES } from './elementwise.js';
import { FUSED } from './in-place.js';
import { countUses } from './join-bias.js';
import type { Recording } from './recording.js';
import type { FusedOperation, Loop, Operation, ProgramSource, ValueId } from './source.js';

/** Values that a loop may have at hand; more would not stay in registers. */
const MOST_OPERANDS = 8;
const MOST_INSTRUCTIONS = 16;

type Values = ProgramSource['values'];

/** Operations under way to become one loop. */
interface Group {
  readonly count: number;
  columns: number;
  readonly operands: ValueId[];
  readonly kinds: Loop['operands'][number][];
  readonly operations: Operation[];
}

/**
 * Makes loops of elementwise operations that follow each other and share values.
 *
 * @param threads with several, long loops stay apart: those are shared out
 */
export function fuseElementwise(source: ProgramSource, threads: number): ProgramSource {
  const uses = countUses(source);
  const operations: Operation[] = [];
  let group: Group | undefined;
  const close = (): void => {
    if (group !== undefined) operations.push(...fused(group, uses));
    group = undefined;
  };
  for (const operation of source.operations) {
    const count = countOf(operation, source.values, threads);
    if (group !== undefined && count === group.count && join(group, operation, source.values)) {
      continue;
    }
    close();
    group =
      count === undefined
        ? undefined
        : { count, columns: 0, operands: [], kinds: [], operations: [] };
    if (group === undefined || !join(group, operation, source.values)) {
      group = undefined;
      operations.push(operation);
    }
  }
  close();
  return { ...source, operations };
}

/** Elements of the result, if the operation can be part of a loop. */
function countOf(operation: Operation, values: Values, threads: number): number | undefined {
  const { kernel, inputs, outputs, attrs } = operation;
  if (ELEMENTWISE[kernel] === undefined || Array.isArray(inputs)) return undefined;
  const ids = operandIds(operation);
  const isFloat = [...ids, ...outputs].every((id) => values[id]!.dtype === 'float32');
  const isPlain = Object.values(Object.getOwnPropertyDescriptors(attrs ?? {})).every(
    ({ get }) => get === undefined,
  );
  const count = util.sizeFromShape(values[outputs[0]!]!.shape);
  if (!isFloat || !isPlain || count === 0 || count % 4 !== 0) return undefined;
  return threads > 1 && count > BLOCK ? undefined : count;
}

function operandIds({ kernel, inputs }: Operation): ValueId[] {
  const named = inputs as Record<string, ValueId>;
  const names = OPERAND_NAMES[kernel] ?? ('x' in named ? ['x'] : ['a', 'b']);
  return names.map((name) => named[name]!);
}

/** Adds an operation to a group, if it suits it. */
function join(group: Group, operation: Operation, values: Values): boolean {
  const computed = new Set(group.operations.flatMap(({ outputs }) => outputs));
  const ids = operandIds(operation);
  const isConnected = ids.some((id) => computed.has(id) || group.operands.includes(id));
  if (group.operations.length > 0 && !isConnected) return false;
  const added: [ValueId, Loop['operands'][number]][] = [];
  let { columns } = group;
  const { shape } = values[operation.outputs[0]!]!;
  for (const id of new Set(ids)) {
    if (computed.has(id)) continue;
    const kind = kindOf(values[id]!.shape, shape);
    if (kind === undefined) return false;
    const known = group.operands.indexOf(id);
    if (known >= 0 && group.kinds[known] !== kind) return false;
    if (known < 0) added.push([id, kind]);
    if (kind !== 'row') continue;
    const size = util.sizeFromShape(values[id]!.shape);
    if (size % 4 !== 0 || (columns !== 0 && columns !== size)) return false;
    columns = size;
  }
  if (group.operands.length + added.length > MOST_OPERANDS) return false;
  if (group.operations.length === MOST_INSTRUCTIONS) return false;
  group.columns = columns;
  for (const [id, kind] of added) {
    group.operands.push(id);
    group.kinds.push(kind);
  }
  group.operations.push(operation);
  return true;
}

/** How an operand is read for a result of a shape. */
function kindOf(
  operand: readonly number[],
  result: readonly number[],
): Loop['operands'][number] | undefined {
  const size = util.sizeFromShape(operand as number[]);
  if (size === util.sizeFromShape(result as number[])) return 'full';
  if (size === 1) return 'scalar';
  const own = operand.slice(operand.findIndex((length) => length !== 1));
  return String(own) === String(result.slice(result.length - own.length)) ? 'row' : undefined;
}

function fused(group: Group, uses: ReadonlyMap<ValueId, number>): Operation[] {
  const { operations, operands, kinds, count, columns } = group;
  if (operations.length < 2) return operations;
  const places = new Map(operands.map((id, i) => [id, i]));
  const inside = new Map<ValueId, number>();
  const instructions = operations.map((operation, i) => {
    const ids = operandIds(operation);
    for (const id of ids) inside.set(id, (inside.get(id) ?? 0) + 1);
    const own = ids.map((id) => places.get(id)!);
    places.set(operation.outputs[0]!, operands.length + i);
    return { kernel: operation.kernel, operands: own, attrs: operation.attrs ?? {} };
  });
  // What only the loop itself uses is never stored.
  const stored = operations.flatMap(({ outputs: [id] }, i) =>
    (uses.get(id!) ?? 0) > (inside.get(id!) ?? 0) ? [i] : [],
  );
  const operation: FusedOperation = {
    kernel: FUSED,
    inputs: operands,
    attrs: undefined,
    outputs: stored.map((i) => operations[i]!.outputs[0]!),
    loop: { count, columns, operands: kinds, instructions, stored },
  };
  return [operation];
}

/** What a fused operation does to the heap; undefined for any other. */
export function recordLoop(operation: Operation): Recording | undefined {
  if (!('loop' in operation)) return undefined;
  const { loop, inputs, outputs } = operation as FusedOperation;
  const operands = (inputs as readonly ValueId[]).length;
  const regions = [...loop.operands, ...outputs].map((_, region) => ({ region, offset: 0 }));
  return {
    calls: [{ kind: 'loop', loop, args: regions }],
    allocated: outputs.map(() => loop.count * 4),
    outputs: outputs.map((_, i) => operands + i),
    scratchBytes: 0,
  };
}
