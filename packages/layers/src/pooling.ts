import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { only, perAxis, withMethods } from './inside.js';

type Pooling1DArgs = Parameters<typeof layers.averagePooling1d>[0];
type Pooling2DArgs = Parameters<typeof layers.averagePooling2d>[0];
type Pooling3DArgs = Parameters<typeof layers.averagePooling3d>[0];

/** Where the windows of 'same' pooling lie along one axis, and how much of each is inside. */
function windows(
  length: number,
  size: number,
  stride: number,
): {
  before: number;
  after: number;
  inside: number[];
} {
  const count = Math.ceil(length / stride);
  const padding = Math.max((count - 1) * stride + size - length, 0);
  const before = Math.floor(padding / 2);
  const inside = Array.from({ length: count }, (_, i) => {
    const start = i * stride - before;
    return Math.min(start + size, length) - Math.max(start, 0);
  });
  return { before, after: padding - before, inside };
}

/**
 * Average pooling with padding 'same', over `[batch, ...space, channels]`. tfjs's
 * gradient divides by the whole window at the edges as well; this one pads, pools
 * with 'valid' and makes up for the padding, so that both directions are right.
 */
function averageSame(input: tf.Tensor, sizes: number[], strides: number[]): tf.Tensor {
  return tf.tidy(() => {
    const axes = sizes.map((size, axis) => windows(input.shape[axis + 1]!, size, strides[axis]!));
    const paddings = axes.map(({ before, after }): [number, number] => [before, after]);
    const padded = tf.pad(input, [[0, 0], ...paddings, [0, 0]]);
    const pooled =
      sizes.length === 3
        ? tf.avgPool3d(padded as tf.Tensor5D, sizes as Triple, strides as Triple, 'valid')
        : tf.avgPool(padded as tf.Tensor4D, sizes as Pair, strides as Pair, 'valid');
    return axes.reduce((output: tf.Tensor, { inside }, axis) => {
      const shape: number[] = pooled.shape.map(() => 1);
      shape[axis + 1] = inside.length;
      const share = tf.tensor(
        inside.map((count) => sizes[axis]! / count),
        shape,
      );
      return tf.mul(output, share);
    }, pooled);
  });
}

type Pair = [number, number];
type Triple = [number, number, number];

interface PoolingArgs {
  readonly poolSize?: number | number[];
  readonly strides?: number | number[];
  readonly padding?: string;
  readonly dataFormat?: string;
}

function repaired(
  layer: layers.Layer,
  { poolSize = 2, strides, padding, dataFormat }: PoolingArgs,
  axes: number,
): layers.Layer {
  if (padding !== 'same' || dataFormat === 'channelsFirst') return layer;
  const sizes = perAxis(poolSize, axes);
  const steps = perAxis(strides ?? poolSize, axes);
  return withMethods(layer, {
    call: (inputs) =>
      tf.tidy(() => {
        const input = only(inputs);
        if (axes > 1) return averageSame(input, sizes, steps);
        const pooled = averageSame(tf.expandDims(input, 1), [1, ...sizes], [1, ...steps]);
        return tf.squeeze(pooled, [1]);
      }),
  });
}

/** Keras's `AveragePooling1D`. */
export function averagePooling1d(args: Pooling1DArgs): layers.Layer {
  return repaired(layers.averagePooling1d(args), args, 1);
}

/** Keras's `AveragePooling2D`. */
export function averagePooling2d(args: Pooling2DArgs): layers.Layer {
  return repaired(layers.averagePooling2d(args), args, 2);
}

/** Keras's `AveragePooling3D`. */
export function averagePooling3d(args: Pooling3DArgs): layers.Layer {
  return repaired(layers.averagePooling3d(args), args, 3);
}

/** Arguments of the global poolings. */
export interface GlobalPoolingArgs {
  name?: string;
  /** Whether the axes that are pooled away stay, with length 1. */
  keepdims?: boolean;
}

function keepingAxes(layer: layers.Layer, { keepdims = false }: GlobalPoolingArgs): layers.Layer {
  if (!keepdims) return layer;
  const shapeOf = (input: readonly (number | null)[]): (number | null)[] =>
    input.map((length, axis) => (axis === 0 || axis === input.length - 1 ? length : 1));
  const original = layer.call.bind(layer);
  return withMethods(layer, {
    computeOutputShape: (input) => shapeOf(input as (number | null)[]),
    call: (inputs, options) =>
      tf.tidy(() => {
        const pooled = only(original(inputs, options));
        return tf.reshape(pooled, shapeOf(only(inputs).shape) as number[]);
      }),
  });
}

/** Keras's `GlobalAveragePooling1D`, also with `keepdims`. */
export function globalAveragePooling1d(args: GlobalPoolingArgs = {}): layers.Layer {
  return keepingAxes(layers.globalAveragePooling1d({ ...args }), args);
}

/** Keras's `GlobalMaxPooling1D`, also with `keepdims`. */
export function globalMaxPooling1d(args: GlobalPoolingArgs = {}): layers.Layer {
  return keepingAxes(layers.globalMaxPooling1d({ ...args }), args);
}

type Global2DArgs = Parameters<typeof layers.globalMaxPooling2d>[0];

/** Keras's `GlobalAveragePooling2D`, also with `keepdims`, channels last. */
export function globalAveragePooling2d(args: Global2DArgs & GlobalPoolingArgs = {}): layers.Layer {
  return keepingAxes(layers.globalAveragePooling2d(args), args);
}

/** Keras's `GlobalMaxPooling2D`, also with `keepdims`, channels last. */
export function globalMaxPooling2d(args: Global2DArgs & GlobalPoolingArgs = {}): layers.Layer {
  return keepingAxes(layers.globalMaxPooling2d(args), args);
}
