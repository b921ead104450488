import { broadcast_util, util } from '@tensorflow/tfjs-core';
import type { ProductShape } from './product.js';

/** The sizes of a product of tensors. */
export interface ProductSizes extends ProductShape {
  /** `[...batches, rows, columns]` of the result. */
  shape: number[];
  /** For each batch of the result, the index of A's matrix; undefined for one batch. */
  batchesA: readonly number[] | undefined;
  batchesB: readonly number[] | undefined;
}

/**
 * The sizes of the product of `[..., m, k]` and `[..., k, n]`, the last two axes being swapped in a
 * transposed operand, and the others broadcast.
 *
 * @throws Error naming both shapes if they do not fit
 */
export function sizesOf(
  a: number[],
  b: number[],
  transposeA: boolean,
  transposeB: boolean,
): ProductSizes {
  const [heightA, widthA] = [a[a.length - 2]!, a[a.length - 1]!];
  const [heightB, widthB] = [b[b.length - 2]!, b[b.length - 1]!];
  const k = transposeA ? heightA : widthA;
  const rows = transposeA ? widthA : heightA;
  const columns = transposeB ? heightB : widthB;
  if (k !== (transposeB ? widthB : heightB)) {
    throw new Error(
      `matMul: inner sizes differ: [${a}] and [${b}] with ` +
        `transposeA=${transposeA}, transposeB=${transposeB}`,
    );
  }
  if (a.length === 2 && b.length === 2) {
    const shape = [rows, columns];
    return { shape, rows, columns, k, batch: 1, batchesA: undefined, batchesB: undefined };
  }
  const outerA = a.slice(0, -2);
  const outerB = b.slice(0, -2);
  const outer = broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const batch = util.sizeFromShape(outer);
  const shape = [...outer, rows, columns];
  // One product instead of one for each batch, where all batches have the same B.
  if (!transposeA && util.sizeFromShape(outerB) === 1 && util.sizeFromShape(outerA) === batch) {
    const all = rows * batch;
    return { shape, rows: all, columns, k, batch: 1, batchesA: undefined, batchesB: undefined };
  }
  const batchesA = batchIndices(outerA, outer);
  return { shape, rows, columns, k, batch, batchesA, batchesB: batchIndices(outerB, outer) };
}

/** For each batch, the index of the matrix of an operand whose outer axes `own` are broadcast. */
function batchIndices(own: readonly number[], outer: readonly number[]): number[] {
  let indices = [0];
  let stride = util.sizeFromShape(own as number[]);
  for (let axis = 0; axis < outer.length; axis++) {
    const size = own[axis - (outer.length - own.length)] ?? 1;
    stride /= size;
    const step = size === 1 ? 0 : stride;
    const length = outer[axis]!;
    indices = indices.flatMap((index) => Array.from({ length }, (_, i) => index + i * step));
  }
  return indices;
}
