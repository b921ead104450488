import type * as Jax from '@jax-js/jax';
import type { Prepared } from '../case.js';
import { numbers } from '../operands.js';

type Parameters = Record<string, Jax.Array>;

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

/** The auto-encoder's training step in jax-js, under `jit`: loss, gradients, Adam. */
export function jaxAutoEncoderStep({
  blockUntilReady,
  jit,
  lax,
  nn,
  numpy: np,
  valueAndGrad,
}: typeof Jax): Prepared {
  const image = np.array(numbers([32, 1, 28, 28])).reshape([32, 1, 28, 28]);
  const zeros = (): Parameters => {
    const entries = Object.entries(SHAPES).flatMap(([name, shape]) => {
      const outputs = name === 'code' ? 64 : shape[0]!;
      return [
        [name, np.zeros(shape)],
        [`${name}Bias`, np.zeros(name === 'code' ? [outputs] : [1, outputs, 1, 1])],
      ];
    });
    return Object.fromEntries(entries);
  };
  let parameters = zeros();
  for (const [name, shape] of Object.entries(SHAPES)) {
    parameters[name]!.dispose();
    parameters[name] = np.array(numbers(shape)).reshape(shape).mul(0.1);
  }

  const loss = (p: Parameters, x: Jax.Array): Jax.Array => {
    const conv = (input: Jax.Array, name: string) =>
      lax.conv(input, p[name]!, [2, 2], 'VALID').add(p[`${name}Bias`]!);
    const transposed = (input: Jax.Array, name: string) =>
      lax.convTranspose(input, p[name]!, [2, 2], 'VALID').add(p[`${name}Bias`]!);
    let hidden = nn.elu(conv(x.ref, 'conv1'));
    hidden = nn.elu(conv(hidden, 'conv2'));
    hidden = nn.elu(conv(hidden, 'conv3'));
    hidden = np.matmul(hidden.reshape([32, 128]), p.code!).add(p.codeBias!);
    hidden = nn.elu(transposed(hidden.reshape([32, 64, 1, 1]), 'dec1'));
    hidden = nn.elu(transposed(hidden, 'dec2'));
    return np.mean(np.square(transposed(hidden, 'dec3').sub(x)));
  };
  const gradients = jit((p: Parameters, x: Jax.Array) => valueAndGrad(loss)(p, x));
  const update = jit((w: Jax.Array, g: Jax.Array, m: Jax.Array, v: Jax.Array) => {
    const first = m.mul(0.9).add(g.ref.mul(0.1));
    const second = v.mul(0.999).add(np.square(g).mul(0.001));
    const step = first.ref.div(np.sqrt(second.ref).add(1e-7)).mul(1e-3);
    return [w.sub(step), first, second] as const;
  });

  let first = zeros();
  let second = zeros();
  const refs = (p: Parameters): Parameters =>
    Object.fromEntries(Object.entries(p).map(([name, array]) => [name, array.ref]));
  return {
    run: async () => {
      const [value, gradient] = gradients(refs(parameters), image.ref) as [Jax.Array, Parameters];
      for (const name of Object.keys(parameters)) {
        const moments = [first[name]!, second[name]!] as const;
        const updated = update(parameters[name]!, gradient[name]!, ...moments);
        [parameters[name], first[name], second[name]] = updated;
      }
      await blockUntilReady(parameters);
      await value.data();
    },
    dispose: () => {
      image.dispose();
      for (const arrays of [parameters, first, second]) {
        for (const array of Object.values(arrays)) array.dispose();
      }
      parameters = first = second = {};
    },
  };
}
