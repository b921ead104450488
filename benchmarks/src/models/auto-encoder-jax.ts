import type * as Jax from '@jax-js/jax';
import { jaxNumbers } from '../jax-numbers.js';
import type { JaxModel } from '../jax-steps.js';

/** Weights `[outputs, inputs, height, width]`, as jax-js has them; transposed layers as well. */
const SHAPES: Record<string, number[]> = {
  conv1: [32, 1, 4, 4],
  conv2: [64, 32, 4, 4],
  conv3: [128, 64, 4, 4],
  code: [128, 64],
  dec1: [128, 64, 5, 5],
  dec2: [64, 128, 5, 5],
  dec3: [1, 64, 4, 4],
};

/** The auto-encoder in jax-js. */
export const jaxAutoEncoder: JaxModel = {
  imageShape: [1, 28, 28],
  parameters: (jax) =>
    Object.fromEntries(
      Object.entries(SHAPES).flatMap(([name, shape]) => [
        [name, jaxNumbers(jax, shape).mul(0.1)],
        [`${name}Bias`, jax.numpy.zeros(name === 'code' ? [64] : [1, shape[0]!, 1, 1])],
      ]),
    ),
  reconstruct: ({ lax, nn, numpy }, p, image) => {
    const batch = image.shape[0]!;
    const conv = (input: Jax.Array, name: string) =>
      lax.conv(input, p[name]!, [2, 2], 'VALID').add(p[`${name}Bias`]!);
    const transposed = (input: Jax.Array, name: string) =>
      lax.convTranspose(input, p[name]!, [2, 2], 'VALID').add(p[`${name}Bias`]!);
    let hidden = nn.elu(conv(image, 'conv1'));
    hidden = nn.elu(conv(hidden, 'conv2'));
    hidden = nn.elu(conv(hidden, 'conv3'));
    hidden = numpy.matmul(hidden.reshape([batch, 128]), p.code!).add(p.codeBias!);
    hidden = nn.elu(transposed(hidden.reshape([batch, 64, 1, 1]), 'dec1'));
    hidden = nn.elu(transposed(hidden, 'dec2'));
    return transposed(hidden, 'dec3');
  },
};
