import { LayerDict } from '@ae/layer-dict';
import type * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { jaxDense } from './dense-jax.js';
import type { Model } from './model.js';

/** Dense layers one after the other, ELU between them; small ones, where the cost of calls shows. */
class DenseCoder extends LayerDict {
  constructor(private readonly widths: readonly number[]) {
    super({ seed: 0 });
  }

  /** Runs all layers, so that the inference of a small model is that of the whole. */
  encode(image: tf.Tensor): tf.Tensor {
    let hidden = image;
    for (const [i, units] of this.widths.entries()) {
      const activation = i < this.widths.length - 1 ? 'elu' : 'linear';
      hidden = this.get(`dense${i + 1}`, layers.dense, { units, activation })(hidden);
    }
    return hidden;
  }

  decode(code: tf.Tensor): tf.Tensor {
    return code;
  }
}

/** @param sizes of the image, and of what each layer gives */
export function dense(...sizes: [pixels: number, ...widths: number[]]): Model {
  const [pixels, ...widths] = sizes;
  return {
    name: `dense-${sizes.join('-')}`,
    imageShape: [pixels],
    flops: { encoder: widths.map((width, i) => 2 * sizes[i]! * width), decoder: [] },
    stepPeers: ['stock-wasm', 'stock-cpu', 'jax-js', 'jax-js-eager'],
    make: () => new DenseCoder(widths),
    jax: jaxDense(sizes),
  };
}
