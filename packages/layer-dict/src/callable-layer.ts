import { isLayer, type LayerLike, registerTrackable } from '@ae/module';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { make } from './make.js';
import { seedAbove } from './seed.js';
import { seedLayer } from './seed-layer.js';
import type { ArgumentsOf, CallableLayer, CallOptions } from './types.js';

type LayerMaker = (new (...args: never[]) => layers.Layer) | ((...args: never[]) => layers.Layer);

/**
 * A callable layer for an attribute of a module:
 *
 * ```ts
 * class Encoder extends Module {
 *   readonly enc1 = layer(layers.conv2d, { filters: 32, kernelSize: 4, strides: 2 });
 *   encode(image: Tensor4D): Tensor4D {
 *     return tf.elu(this.enc1(image));
 *   }
 * }
 * ```
 *
 * Its path is the attribute's name (`enc1/kernel`). The variables are made at the
 * first call, with Keras's default initialisers and by {@link setSeed}.
 */
export function layer<M extends LayerMaker>(maker: M, ...args: ArgumentsOf<M>): CallableLayer {
  const made = make(maker, args);
  if (!isLayer(made))
    throw new TypeError('layer: the function did not return a tfjs-layers layer.');
  return callableLayer(made, args[0]);
}

/** Makes a callable of a tfjs-layers layer that was made from `config`. */
export function callableLayer(layer: LayerLike, config: unknown): CallableLayer {
  let seeded = false;
  const call = (input: Tensor | Tensor[], options: CallOptions = {}): unknown => {
    if (!seeded) {
      const { seed, path } = seedAbove(callable);
      seedLayer(layer, config, seed, path);
      seeded = true;
    }
    return layer.apply(input, options);
  };
  const callable = Object.assign(call, {
    layer,
    *trackedEntries() {
      yield ['', layer] as const;
    },
  }) as unknown as CallableLayer;
  registerTrackable(callable);
  return callable;
}
