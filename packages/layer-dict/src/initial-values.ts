import { fillNormal, fillTruncatedNormal, fillUniform } from '@ae/random';
import { type DataType, type Tensor, tensor, util } from '@tensorflow/tfjs-core';

/** What is used of a tfjs-layers initialiser. */
export interface InitializerLike {
  apply(shape: number[], dtype?: DataType): Tensor;
  getClassName(): string;
  getConfig(): { readonly [key: string]: unknown };
}

/** The standard deviation of a standard normal cut off at two of its own. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

/**
 * Draws what a random initialiser of tfjs-layers describes, with counter-based
 * random numbers: the values depend on `seed` and `shape` only. The distributions are
 * those of Keras, whose truncated normal has the deviation asked for after it is
 * cut (tfjs-layers' is 12 % narrower), and whose orthogonal matrices do not need the
 * chained operations that a plain tfjs-core lacks.
 *
 * An initialiser with a `seed` of its own keeps it.
 *
 * @returns nothing for an initialiser that is not random, or is a class of the caller's
 */
export function drawRandom(
  initializer: InitializerLike,
  shape: number[],
  dtype: DataType | undefined,
  seed: number,
): Tensor | undefined {
  const config = initializer.getConfig();
  const fill = filler(initializer.getClassName(), config, shape);
  if (!fill) return undefined;
  const values = new Float32Array(util.sizeFromShape(shape));
  const own = config.seed;
  return tensor(fill(typeof own === 'number' ? own : seed, values), shape, dtype ?? 'float32');
}

type Fill = (seed: number, out: Float32Array) => Float32Array;

function filler(
  className: string,
  config: { readonly [key: string]: unknown },
  shape: readonly number[],
): Fill | undefined {
  const number = (key: string): number => Number(config[key]);
  switch (className) {
    case 'VarianceScaling': {
      const variance = number('scale') / fan(shape, String(config.mode));
      if (config.distribution === 'uniform') {
        const limit = Math.sqrt(3 * variance);
        return (seed, out) => fillUniform(seed, out, -limit, limit);
      }
      const deviation = Math.sqrt(variance) / TRUNCATED_DEVIATION;
      return (seed, out) => fillTruncatedNormal(seed, out, 0, deviation);
    }
    case 'RandomUniform':
      return (seed, out) => fillUniform(seed, out, number('minval'), number('maxval'));
    case 'RandomNormal':
      return (seed, out) => fillNormal(seed, out, number('mean'), number('stddev'));
    case 'TruncatedNormal':
      return (seed, out) => fillTruncatedNormal(seed, out, number('mean'), number('stddev'));
    case 'Orthogonal':
      return (seed, out) => fillOrthogonal(seed, out, shape, number('gain'));
    default:
      return undefined;
  }
}

/** As Keras counts the inputs and outputs of a unit: the last two axes, times the receptive field. */
function fan(shape: readonly number[], mode: string): number {
  const fanOut = shape.at(-1) ?? 1;
  const fanIn = shape.at(-2) ?? fanOut;
  const field = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const counted = mode === 'fanIn' ? fanIn : mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
  return Math.max(1, counted * field);
}

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, times `gain`;
 * uniform among all of them (Saxe, McClelland and Ganguli, 2013).
 */
function fillOrthogonal(
  seed: number,
  out: Float32Array,
  shape: readonly number[],
  gain: number,
): Float32Array {
  const columns = shape.at(-1) ?? 1;
  const rows = out.length / columns;
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const normal = fillNormal(seed, new Float32Array(out.length));
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from(normal.subarray(i * length, (i + 1) * length));
    // Gram and Schmidt, twice: once leaves rounding errors behind.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of vectors) {
        const along = dot(vector, other);
        for (let k = 0; k < length; k++) vector[k] = vector[k]! - along * other[k]!;
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = rows < columns ? vectors[row]![column]! : vectors[column]![row]!;
      out[row * columns + column] = gain * value;
    }
  }
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
