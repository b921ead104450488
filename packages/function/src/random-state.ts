import { fillNormal, fillUniform, foldIn } from '@ae/random';
import * as tf from '@tensorflow/tfjs-core';

/** Where the random operations of one compiled function have got to. */
export interface RandomState {
  readonly seed: number;
  /** Calls so far; with the seed it decides every number that is drawn. */
  calls: number;
}

/** What is drawn. */
export interface Distribution {
  readonly shape: number[];
  /** Lower bound of a uniform distribution, mean of a normal one. */
  readonly from: number;
  /** Upper bound of a uniform distribution, standard deviation of a normal one. */
  readonly to: number;
}

export type RandomKernel = 'RandomUniform' | 'RandomNormal';

/** The seed of the `stream`-th random operation in the current call. */
export function seedOf({ seed, calls }: RandomState, stream: number): number {
  return foldIn(seed, 'compiled', stream, calls);
}

/** The numbers of a random operation: element `i` depends on the seed and `i` alone. */
export function drawRandom(
  kernel: RandomKernel,
  { shape, from, to }: Distribution,
  seed: number,
): Float32Array {
  const out = new Float32Array(tf.util.sizeFromShape(shape));
  return kernel === 'RandomUniform'
    ? fillUniform(seed, out, from, to)
    : fillNormal(seed, out, from, to);
}
