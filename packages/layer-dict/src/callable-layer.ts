import {
  announceVariables,
  inNameScope,
  isLayer,
  type LayerLike,
  registerTrackable,
  shadow,
} from '@ae/module';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { describeShape, sizeConflict } from './input-shape.js';
import { useKerasDefaults } from './keras-defaults.js';
import { make } from './make.js';
import { nameLayer } from './name-layer.js';
import { seedRandomLayers } from './random-layers.js';
import { redrawFresh } from './redraw.js';
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
 *
 * @param maker a factory of tfjs-layers, a layer class, or a function that returns a layer
 */
export function layer<M extends LayerMaker>(maker: M, ...args: ArgumentsOf<M>): CallableLayer {
  const made: unknown = make(maker, args);
  if (isLayer(made)) return callableLayer(made, args[0]).callable;
  throw new TypeError(
    `layer: ${maker.name || 'the function'} did not return a layer of tfjs-layers. ` +
      'A module needs no layer(): assign it as it is.',
  );
}

/**
 * Makes a callable of a tfjs-layers layer that was made from `config`. It prepares
 * itself at its first call, or when `prepare` is called, once its path is known.
 */
export function callableLayer(
  layer: LayerLike,
  config: unknown,
): { readonly callable: CallableLayer; readonly prepare: () => void } {
  useKerasDefaults(layer, config);
  let isPrepared = false;
  const prepare = (): void => {
    if (isPrepared) return;
    isPrepared = true;
    seedCallable(callable, layer);
  };
  const fits = new Set<string>();
  let firstShape: string | undefined;

  const call = (input: Tensor | Tensor[], options: CallOptions = {}): unknown =>
    inNameScope(callable, () => {
      prepare();
      const shape = describeShape(input);
      const wasBuilt = layer.built;
      try {
        if (wasBuilt && firstShape !== undefined && !fits.has(shape)) {
          const conflict = sizeConflict(layer, input);
          if (conflict !== undefined) throw new Error(conflict);
        }
        const output = layer.apply(input, options);
        firstShape ??= shape;
        fits.add(shape);
        return output;
      } catch (error) {
        if (firstShape === undefined || fits.has(shape)) throw error;
        throw new Error(
          `The layer was made for inputs of shape ${firstShape} and is now called with ${shape}: ` +
            `${error instanceof Error ? error.message : error} ` +
            'It keeps the sizes of its first call; for another size use another layer, with a name of its own.',
          { cause: error },
        );
      }
    });

  const callable = Object.assign(call, {
    layer,
    mayMake: () => layer.built === false,
    *trackedEntries(): Iterable<readonly [string, unknown]> {
      yield ['', layer];
    },
  }) as unknown as CallableLayer;
  registerTrackable(callable, false);
  return { callable, prepare };
}

/** Makes everything random about a layer depend on the seed above it and on its path. */
function seedCallable(callable: CallableLayer, layer: LayerLike): void {
  const { seed, path } = seedAbove(callable);
  nameLayer(layer, path);
  seedLayer(layer, seed, path);
  seedRandomLayers(layer, seed, path);
  // A whole model has variables already, even if it does not call itself built.
  redrawFresh(callable, path, seed);
  announceVariables(callable);
  if (layer.built) return;
  const build = layer.build;
  const undo = shadow(layer, 'build', (inputShape) => {
    undo();
    build.call(layer, inputShape);
    announceVariables(callable);
  });
}
