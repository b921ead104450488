import { jaxNumbers } from '../jax-numbers.js';
import type { JaxModel } from '../jax-steps.js';

/** Dense layers of these sizes in jax-js. */
export function jaxDense(sizes: readonly number[]): JaxModel {
  const shapes = sizes.slice(1).map((width, i) => [sizes[i]!, width]);
  return {
    imageShape: [sizes[0]!],
    parameters: (jax) =>
      Object.fromEntries(
        shapes.flatMap((shape, i) => [
          [`kernel${i}`, jaxNumbers(jax, shape).mul(0.3)],
          [`bias${i}`, jax.numpy.zeros([shape[1]!])],
        ]),
      ),
    reconstruct: ({ nn, numpy }, p, image) =>
      shapes.reduce((hidden, _, i) => {
        const sums = numpy.matmul(hidden, p[`kernel${i}`]!).add(p[`bias${i}`]!);
        return i < shapes.length - 1 ? nn.elu(sums) : sums;
      }, image),
  };
}
