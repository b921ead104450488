import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type Inside, inside, only, type Weight, withMethods } from './inside.js';

type BatchArgs = NonNullable<Parameters<typeof layers.batchNormalization>[0]>;
type LayerArgs = NonNullable<Parameters<typeof layers.layerNormalization>[0]>;

/** A scale or offset that is no variable. */
function constant(value: number, like: () => Weight): Weight {
  return { read: () => tf.fill(like().read().shape, value) };
}

interface Moving extends Weight {
  write(value: tf.Tensor): unknown;
}

/**
 * Keras's `BatchNormalization`; `scale: false` and `center: false` work, and it can be
 * trained along any axis.
 */
export function batchNormalization(args: BatchArgs = {}): layers.Layer {
  const layer = layers.batchNormalization(args);
  const own = inside(layer) as Inside & { readonly movingMean: Moving; movingVariance: Moving };
  if (args.scale === false) own.gamma = constant(1, () => own.movingMean);
  if (args.center === false) own.beta = constant(0, () => own.movingMean);
  const { axis = -1, momentum = 0.99, epsilon = 1e-3 } = args;
  const original = layer.call.bind(layer);
  return withMethods(layer, {
    call: (inputs, options) => {
      const input = only(inputs);
      const along = axis < 0 ? axis + input.rank : axis;
      // tfjs's own gradient knows the last axis only.
      if (along === input.rank - 1) return original(inputs, options);
      return tf.tidy(() => {
        const shape = input.shape.map((length, i) => (i === along ? length : 1));
        const others = [...input.shape.keys()].filter((i) => i !== along);
        const read = (weight: Weight): tf.Tensor => tf.reshape(weight.read(), shape);
        let [mean, variance] = [read(own.movingMean), read(own.movingVariance)];
        if (options.training === true) {
          ({ mean, variance } = tf.moments(input, others, true));
          follow(own.movingMean, mean, momentum);
          follow(own.movingVariance, variance, momentum);
        }
        const normal = tf.mul(tf.sub(input, mean), tf.rsqrt(tf.add(variance, epsilon)));
        return tf.add(tf.mul(normal, read(own.gamma!)), read(own.beta!));
      });
    },
  });
}

/** Moves a moving average towards a new value. */
function follow(average: Moving, value: tf.Tensor, momentum: number): void {
  const before = average.read();
  const change = tf.mul(tf.sub(tf.reshape(value, before.shape), before), 1 - momentum);
  average.write(tf.add(before, change));
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
