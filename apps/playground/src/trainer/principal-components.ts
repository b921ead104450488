/** A plane in the space of codes: `mean + x * axes[0] + y * axes[1]`. */
export interface Plane {
  readonly mean: Float32Array;
  readonly axes: readonly [Float32Array, Float32Array];
  /** The part of the variance that lies in the plane. */
  readonly explained: number;
}

const ITERATIONS = 60;

/**
 * The plane through the codes that shows most of their variance, by power iteration on the
 * covariance. Two-dimensional codes are their own plane.
 *
 * @param codes `[count, size]`
 * @param previous start from an earlier plane, so that the picture does not turn over while
 *   the model learns
 */
export function principalPlane(codes: Float32Array, size: number, previous?: Plane): Plane {
  if (size === 2) {
    const axes = [Float32Array.of(1, 0), Float32Array.of(0, 1)] as const;
    return { mean: new Float32Array(2), axes: [axes[0], axes[1]], explained: 1 };
  }
  const count = codes.length / size;
  const mean = new Float32Array(size);
  for (let i = 0; i < codes.length; i++) mean[i % size]! += codes[i]! / count;
  const covariance = new Float64Array(size * size);
  for (let row = 0; row < count; row++) {
    for (let i = 0; i < size; i++) {
      const centred = codes[row * size + i]! - mean[i]!;
      for (let j = i; j < size; j++) {
        covariance[i * size + j]! += (centred * (codes[row * size + j]! - mean[j]!)) / count;
      }
    }
  }
  let total = 0;
  for (let i = 0; i < size; i++) {
    total += covariance[i * size + i]!;
    for (let j = 0; j < i; j++) covariance[i * size + j] = covariance[j * size + i]!;
  }
  const first = dominant(covariance, size, previous?.axes[0], 0);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      covariance[i * size + j]! -= first.value * first.vector[i]! * first.vector[j]!;
    }
  }
  const second = dominant(covariance, size, previous?.axes[1], 1);
  const explained = total > 0 ? (first.value + second.value) / total : 1;
  return { mean, axes: [first.vector, second.vector], explained };
}

/** `x, y` of each code in the plane. */
export function project(codes: Float32Array, { mean, axes }: Plane): Float32Array {
  const size = mean.length;
  const points = new Float32Array((codes.length / size) * 2);
  for (let i = 0; i < codes.length; i++) {
    const point = Math.floor(i / size) * 2;
    const centred = codes[i]! - mean[i % size]!;
    points[point]! += centred * axes[0][i % size]!;
    points[point + 1]! += centred * axes[1][i % size]!;
  }
  return points;
}

/** The code at a point of the plane. */
export function unproject(x: number, y: number, { mean, axes }: Plane): Float32Array {
  return mean.map((value, i) => value + x * axes[0][i]! + y * axes[1][i]!);
}

function dominant(
  matrix: Float64Array,
  size: number,
  start: Float32Array | undefined,
  which: number,
): { vector: Float32Array; value: number } {
  const usable = start?.length === size;
  // Any start that is not orthogonal to the answer will do.
  let vector = Float64Array.from({ length: size }, (_, i) =>
    usable ? start[i]! : Math.cos(i * (which + 1)),
  );
  let value = 0;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) next[i]! += matrix[i * size + j]! * vector[j]!;
    }
    value = Math.hypot(...next);
    if (value === 0) break;
    vector = next.map((x) => x / value);
  }
  return { vector: Float32Array.from(vector), value };
}
