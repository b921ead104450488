import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { only, perAxis, withMethods } from './inside.js';

type TfjsArgs = Parameters<typeof layers.upSampling2d>[0];

/** Arguments of `layers.upSampling2d`: as in Keras, `size` may be one number. */
export type UpSampling2DArgs = Omit<TfjsArgs, 'size'> & { size?: number | number[] };

/**
 * Keras's `UpSampling2D`. tfjs-layers' own takes the corners of pixels where Keras
 * takes their centres (`bilinear`), and its gradients are wrong unless the size is
 * the same in both directions.
 */
export function upSampling2d(args: UpSampling2DArgs = {}): layers.Layer {
  const size = perAxis(args.size ?? 2, 2);
  const layer = layers.upSampling2d({ ...args, size });
  if (args.dataFormat === 'channelsFirst') return layer;
  const weights = args.interpolation === 'bilinear' ? bilinear : nearest;
  return withMethods(layer, {
    call: (inputs) => tf.tidy(() => resize(only(inputs) as tf.Tensor4D, size, weights)),
  });
}

/** For each output row, how much of each input row it takes. */
type Weights = (length: number, factor: number) => Float32Array;

/** Both directions are products with a matrix, and so are their gradients. */
function resize(image: tf.Tensor4D, [rows, columns]: number[], weights: Weights): tf.Tensor4D {
  const [batch, height, width, channels] = image.shape;
  const tall = height * rows!;
  const wide = width * columns!;
  const down = tf.tensor3d(weights(height, rows!), [1, tall, height]);
  const across = tf.tensor3d(weights(width, columns!), [1, wide, width]);
  const stretched = tf.matMul(down, tf.reshape(image, [batch, height, width * channels]));
  const lines = tf.reshape(stretched, [batch * tall, width, channels]);
  return tf.reshape(tf.matMul(across, lines), [batch, tall, wide, channels]);
}

const nearest: Weights = (length, factor) => {
  const weights = new Float32Array(length * factor * length);
  for (let to = 0; to < length * factor; to++) weights[to * length + Math.floor(to / factor)] = 1;
  return weights;
};

const bilinear: Weights = (length, factor) => {
  const weights = new Float32Array(length * factor * length);
  for (let to = 0; to < length * factor; to++) {
    // Pixels are squares: the centre of the first one is at one half.
    const place = Math.min(Math.max((to + 0.5) / factor - 0.5, 0), length - 1);
    const low = Math.floor(place);
    const share = place - low;
    weights[to * length + low]! += 1 - share;
    if (share > 0) weights[to * length + low + 1]! += share;
  }
  return weights;
};
