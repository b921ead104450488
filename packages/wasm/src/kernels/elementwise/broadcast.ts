/** Two operands and their result, walked together with as few dimensions as possible. */
export interface Broadcast {
  /** Sizes of the result's dimensions, outermost first; those of size 1 are left out. */
  sizes: number[];
  /** Elements by which an operand advances along each dimension; 0 where it is repeated. */
  aStrides: number[];
  bStrides: number[];
}

/** Collapses two shapes that are broadcast to `shape`, whose last dimension is the innermost. */
export function collapse(
  aShape: readonly number[],
  bShape: readonly number[],
  shape: readonly number[],
): Broadcast {
  const sizes: number[] = [];
  const aStrides: number[] = [];
  const bStrides: number[] = [];
  let aSize = 1;
  let bSize = 1;
  for (let i = 1; i <= shape.length; i++) {
    const size = shape[shape.length - i]!;
    if (size === 1) continue;
    const aMoves = (aShape[aShape.length - i] ?? 1) !== 1;
    const bMoves = (bShape[bShape.length - i] ?? 1) !== 1;
    const last = sizes.length - 1;
    if (last >= 0 && (aStrides[last] !== 0) === aMoves && (bStrides[last] !== 0) === bMoves) {
      sizes[last]! *= size;
    } else {
      sizes.push(size);
      aStrides.push(aMoves ? aSize : 0);
      bStrides.push(bMoves ? bSize : 0);
    }
    if (aMoves) aSize *= size;
    if (bMoves) bSize *= size;
  }
  if (sizes.length === 0) return { sizes: [1], aStrides: [1], bStrides: [1] };
  return { sizes: sizes.reverse(), aStrides: aStrides.reverse(), bStrides: bStrides.reverse() };
}
