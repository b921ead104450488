import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { biasAndActivation, inside, only, perAxis, withMethods } from './inside.js';
import { kerasArguments } from './keras-arguments.js';

type Conv1DArgs = Parameters<typeof layers.conv1d>[0];
type Conv2DArgs = Parameters<typeof layers.conv2d>[0];
type DepthwiseArgs = Parameters<typeof layers.depthwiseConv2d>[0];

/**
 * Zeros between the taps of a kernel `[height, width, ...]`: a convolution with it
 * is the dilated one, which tfjs computes but cannot differentiate.
 */
function dilate(kernel: tf.Tensor, rates: readonly number[]): tf.Tensor4D {
  return tf.tidy(() => {
    let dilated = kernel;
    for (const [axis, rate] of rates.entries()) {
      const shape = dilated.shape;
      const before = tf.util.sizeFromShape(shape.slice(0, axis));
      const after = tf.util.sizeFromShape(shape.slice(axis + 1));
      const taps = shape[axis]!;
      if (rate === 1 || taps === 1) continue;
      const spread = tf.concat(
        [tf.reshape(dilated, [before, taps, 1, after]), tf.zeros([before, taps, rate - 1, after])],
        2,
      );
      const length = (taps - 1) * rate + 1;
      const trimmed = tf.slice(
        tf.reshape(spread, [before, taps * rate, after]),
        [0, 0, 0],
        [before, length, after],
      );
      dilated = tf.reshape(trimmed, [...shape.slice(0, axis), length, ...shape.slice(axis + 1)]);
    }
    return dilated as tf.Tensor4D;
  });
}

function isDilated(rates: readonly number[]): boolean {
  return rates.some((rate) => rate !== 1);
}

/** Keras's `Conv2D`; dilated convolutions can be trained too. */
export function conv2d(args: Conv2DArgs): layers.Layer {
  const layer = layers.conv2d(kerasArguments(args));
  const rates = perAxis(args.dilationRate, 2);
  if (!isDilated(rates)) return layer;
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const own = inside(layer);
        const kernel = dilate(own.kernel.read(), rates);
        const image = only(inputs) as tf.Tensor4D;
        const padding = args.padding === 'same' ? 'same' : 'valid';
        return biasAndActivation(own, tf.conv2d(image, kernel, 1, padding));
      }),
  });
}

/** Keras's `Conv1D`; also with causal padding, and dilated. */
export function conv1d(args: Conv1DArgs): layers.Layer {
  const causal = args.padding === 'causal';
  const rates = perAxis(args.dilationRate as number | number[] | undefined, 1);
  // tfjs-layers' own causal padding throws when it is computed.
  const layer = layers.conv1d(kerasArguments(args));
  if (!causal && !isDilated(rates)) return layer;
  const [stride = 1] = perAxis(args.strides, 1);
  const padding = args.padding === 'same' ? 'same' : 'valid';
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const own = inside(layer);
        const kernel = dilate(tf.expandDims(own.kernel.read(), 0), [1, rates[0]!]);
        const before = causal ? kernel.shape[1] - 1 : 0;
        const series = tf.pad(only(inputs), [
          [0, 0],
          [before, 0],
          [0, 0],
        ]);
        const output = tf.conv2d(
          tf.expandDims(series, 1) as tf.Tensor4D,
          kernel,
          [1, stride],
          padding,
        );
        return biasAndActivation(own, tf.squeeze(output, [1]));
      }),
  });
}

/** Keras's `DepthwiseConv2D`; dilated ones can be trained too. */
export function depthwiseConv2d(args: DepthwiseArgs): layers.Layer {
  const layer = layers.depthwiseConv2d(kerasArguments(args, ['depthwiseInitializer']));
  const rates = perAxis(args.dilationRate, 2);
  if (!isDilated(rates)) return layer;
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const own = inside(layer);
        const kernel = dilate(own.depthwiseKernel.read(), rates);
        const image = only(inputs) as tf.Tensor4D;
        const output = tf.depthwiseConv2d(
          image,
          kernel,
          1,
          args.padding === 'same' ? 'same' : 'valid',
        );
        return biasAndActivation(own, output);
      }),
  });
}
