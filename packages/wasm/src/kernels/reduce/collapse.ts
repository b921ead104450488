/** Neighbouring dimensions that are all reduced or all kept, as one. */
export interface Dimensions {
  sizes: number[];
  reduced: boolean[];
}

/** Collapses `shape`, of which `axes` are reduced, to as few dimensions as possible. */
export function collapseAxes(shape: readonly number[], axes: readonly number[]): Dimensions {
  const sizes: number[] = [];
  const reduced: boolean[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const reduces = axes.includes(axis);
    if (sizes.length > 0 && reduced[reduced.length - 1] === reduces) {
      sizes[sizes.length - 1]! *= size;
    } else {
      sizes.push(size);
      reduced.push(reduces);
    }
  }
  return { sizes, reduced };
}
