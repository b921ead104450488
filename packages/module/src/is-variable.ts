import { Variable } from '@tensorflow/tfjs-core';

/**
 * Whether `value` is a variable of tfjs. Its own `instanceof` reads `value.data` and
 * would run a getter of that name; nothing but a tensor has a `dataId` of its own.
 */
export function isVariable(value: unknown): value is Variable {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, 'dataId') && value instanceof Variable;
}
