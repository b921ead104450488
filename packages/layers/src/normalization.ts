import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type Inside, inside, only, type Weight, withMethods } from './inside.js';

type BatchArgs = NonNullable<Parameters<typeof layers.batchNormalization>[0]>;
type LayerArgs = NonNullable<Parameters<typeof layers.layerNormalization>[0]>;

/** A scale or offset that is no variable. */
function constant(value: number, like: () => Weight): Weight {
  return { read: () => tf.fill(like().read().shape, value) };
}

/** Keras's `BatchNormalization`; `scale: false` and `center: false` work, and can be trained. */
export function batchNormalization(args: BatchArgs = {}): layers.Layer {
  const layer = layers.batchNormalization(args);
  const own = inside(layer) as Inside & { readonly movingMean: Weight };
  if (args.scale === false) own.gamma = constant(1, () => own.movingMean);
  if (args.center === false) own.beta = constant(0, () => own.movingMean);
  return layer;
}

/** Keras's `LayerNormalization`; `scale: false` and `center: false` can be trained. */
export function layerNormalization(args: LayerArgs = {}): layers.Layer {
  const layer = layers.layerNormalization(args);
  if (args.scale !== false && args.center !== false) return layer;
  const own = inside(layer);
  const axes = args.axis ?? -1;
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const input = only(inputs);
        const { mean, variance } = tf.moments(input, axes, true);
        const deviation = tf.sqrt(tf.add(variance, args.epsilon ?? 1e-3));
        let output = tf.div(tf.sub(input, mean), deviation);
        const shape = mean.shape.map((length, axis) => (length === 1 ? input.shape[axis]! : 1));
        if (own.gamma) output = tf.mul(output, tf.reshape(own.gamma.read(), shape));
        if (own.beta) output = tf.add(output, tf.reshape(own.beta.read(), shape));
        return output;
      }),
  });
}
