import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { only, withMethods } from './inside.js';
import { kerasArguments } from './keras-arguments.js';

type ActivationArgs = Parameters<typeof layers.activation>[0];
type EluArgs = NonNullable<Parameters<typeof layers.elu>[0]>;
type LeakyReluArgs = NonNullable<Parameters<typeof layers.leakyReLU>[0]>;
type ReluArgs = NonNullable<Parameters<typeof layers.reLU>[0]>;
type SoftmaxArgs = NonNullable<Parameters<typeof layers.softmax>[0]>;

/** Keras's `Activation`; also `exponential` and `silu`, and Keras 3's `hardSigmoid`. */
export function activation(args: ActivationArgs): layers.Layer {
  return layers.activation(kerasArguments(args, []));
}

/** Keras's `ELU`, with any `alpha`. */
export function elu(args: EluArgs = {}): layers.Layer {
  const { alpha = 1, ...rest } = args;
  const layer = layers.elu(rest);
  if (alpha === 1) return layer;
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const input = only(inputs);
        return tf.add(tf.relu(input), tf.mul(tf.elu(tf.minimum(input, 0)), alpha));
      }),
  });
}

/** Keras's `LeakyReLU`; its slope is called `negativeSlope` in Keras 3, `alpha` before. */
export function leakyReLU(args: LeakyReluArgs & { negativeSlope?: number } = {}): layers.Layer {
  const { negativeSlope, ...rest } = args;
  return layers.leakyReLU(negativeSlope === undefined ? rest : { ...rest, alpha: negativeSlope });
}

/** Keras's `ReLU`, also with a slope below a threshold. */
export function reLU(
  args: ReluArgs & { negativeSlope?: number; threshold?: number } = {},
): layers.Layer {
  const { negativeSlope = 0, threshold = 0, ...rest } = args;
  const layer = layers.reLU(rest);
  if (negativeSlope === 0 && threshold === 0) return layer;
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const input = only(inputs);
        const isAbove = tf.greaterEqual(input, threshold);
        const above = tf.minimum(input, args.maxValue ?? Number.MAX_VALUE);
        return tf.where(isAbove, above, tf.mul(tf.sub(input, threshold), negativeSlope));
      }),
  });
}

/** Keras's `Softmax`, along any axis. */
export function softmax(args: SoftmaxArgs = {}): layers.Layer {
  const layer = layers.softmax(args);
  const { axis = -1 } = args;
  if (axis === -1) return layer;
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const input = only(inputs);
        return tf.exp(tf.sub(input, tf.logSumExp(input, axis, true)));
      }),
  });
}
