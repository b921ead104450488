import type * as Jax from '@jax-js/jax';
import type { Prepared } from './case.js';
import { jaxNumbers } from './jax-numbers.js';

type Parameters = Record<string, Jax.Array>;

/** A model that reconstructs images, in jax-js; channels come first there. */
export interface JaxModel {
  /** Of one image, without the batch. */
  readonly imageShape: readonly number[];
  parameters(jax: typeof Jax): Parameters;
  reconstruct(jax: typeof Jax, parameters: Parameters, image: Jax.Array): Jax.Array;
}

/** Training steps in jax-js: loss, gradients, Adam, with the loss read. */
export function jaxSteps(jax: typeof Jax, model: JaxModel, batch: number): Prepared {
  const { blockUntilReady, jit, numpy: np, valueAndGrad } = jax;
  const image = jaxNumbers(jax, [batch, ...model.imageShape]);
  const loss = (p: Parameters, x: Jax.Array): Jax.Array =>
    np.mean(np.square(model.reconstruct(jax, p, x.ref).sub(x)));
  // Two programs: one of the whole step takes as long, and longer where layers are many and small.
  const gradients = jit((p: Parameters, x: Jax.Array) => valueAndGrad(loss)(p, x));
  const update = jit((w: Jax.Array, g: Jax.Array, m: Jax.Array, v: Jax.Array) => {
    const first = m.mul(0.9).add(g.ref.mul(0.1));
    const second = v.mul(0.999).add(np.square(g).mul(0.001));
    const step = first.ref.div(np.sqrt(second.ref).add(1e-7)).mul(1e-3);
    return [w.sub(step), first, second] as const;
  });

  let parameters = model.parameters(jax);
  const map = (change: (array: Jax.Array) => Jax.Array): Parameters =>
    Object.fromEntries(Object.entries(parameters).map(([name, array]) => [name, change(array)]));
  let first = map(({ shape }) => np.zeros(shape));
  let second = map(({ shape }) => np.zeros(shape));
  return {
    run: async () => {
      const [value, gradient] = gradients(
        map((array) => array.ref),
        image.ref,
      ) as [Jax.Array, Parameters];
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
