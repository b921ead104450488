import type * as Jax from '@jax-js/jax';
import { numbers } from './operands.js';

/** An array of the numbers that the other variants compute with. */
export function jaxNumbers({ numpy }: typeof Jax, shape: number[]): Jax.Array {
  return numpy.array(numbers(shape)).reshape(shape);
}
