import type { TypedArray } from '@tensorflow/tfjs-core';
import { BROADCASTING } from './elementwise.js';
import { type Operation, operandsOf, type ProgramSource, type ValueId } from './source.js';

/**
 * Makes scalars of constants that hold one number only, as the gradients of means do, where operations
 * broadcast them: they need no memory then, and loops need not load them.
 */
export function shrinkConstants(source: ProgramSource): ProgramSource {
  const values = [...source.values];
  const constants = source.constants.map((constant) => {
    const { value } = constant;
    if (values[value]!.dtype !== 'float32' || !isOnlyBroadcast(value, source)) return constant;
    const data = constant.data();
    if (
      data === undefined ||
      data.length < 2 ||
      !data.every((number) => Object.is(number, data[0]))
    ) {
      return constant;
    }
    values[value] = { dtype: 'float32', shape: [] };
    return { value, data: (): TypedArray => data.slice(0, 1) };
  });
  return { ...source, values, constants };
}

/** Whether every use gives the same result with a scalar in its place. */
function isOnlyBroadcast(value: ValueId, source: ProgramSource): boolean {
  const { operations, results, assignments } = source;
  if (results.includes(value) || assignments.some((each) => each.value === value)) return false;
  return operations
    .filter((operation) => operandsOf(operation).includes(value))
    .every((operation) => othersGiveShape(value, operation, source));
}

function othersGiveShape(value: ValueId, operation: Operation, { values }: ProgramSource): boolean {
  if (!BROADCASTING.has(operation.kernel)) return false;
  const { shape } = values[operation.outputs[0]!]!;
  return operandsOf(operation).some(
    (id) => id !== value && String(values[id]!.shape) === String(shape),
  );
}
