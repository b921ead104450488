import { util } from '@tensorflow/tfjs-core';
import type { ProductShape } from './product.js';

/**
 * For each batch of a result with the outer dimensions `outer`, the index of the matrix of an
 * operand with the outer dimensions `own`, which are broadcast. Undefined if there is one batch.
 */
export function batchIndices(
  own: readonly number[],
  outer: readonly number[],
): number[] | undefined {
  const batch = util.sizeFromShape(outer as number[]);
  if (batch === 1) return undefined;
  if (util.sizeFromShape(own as number[]) === batch)
    return Array.from({ length: batch }, (_, i) => i);
  const indices = [0];
  let stride = util.sizeFromShape(own as number[]);
  for (let axis = 0; axis < outer.length; axis++) {
    const size = own[axis - (outer.length - own.length)] ?? 1;
    stride /= size;
    const step = size === 1 ? 0 : stride;
    const before = indices.splice(0);
    for (const index of before) {
      for (let i = 0; i < outer[axis]!; i++) indices.push(index + i * step);
    }
  }
  return indices;
}

/** One product instead of one for each batch, where all batches have the same B. */
export function foldBatches(
  shape: ProductShape,
  outerA: readonly number[],
  outerB: readonly number[],
): ProductShape {
  const isShared = util.sizeFromShape(outerB as number[]) === 1;
  const isWhole = util.sizeFromShape(outerA as number[]) === shape.batch;
  if (shape.batch === 1 || !isShared || !isWhole) return shape;
  return { ...shape, rows: shape.rows * shape.batch, batch: 1 };
}
