/**
 * A residual network after Haiku: each block asks for its layers by name where it uses
 * them, and blocks are asked for by number. In Haiku this needs `hk.transform`, and
 * nothing may be made outside of it.
 */
import { type CallOptions, LayerDict } from '@ae/layer-dict';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

/** `x + project(relu(expand(norm(x))))`, with dropout in between. */
class ResidualBlock extends LayerDict {
  constructor(private readonly expansion: number) {
    super();
  }

  call(x: tf.Tensor2D, options: CallOptions): tf.Tensor2D {
    const width = x.shape[1];
    let hidden = this.get('norm', layers.layerNormalization)(x);
    hidden = this.get('expand', layers.dense, { units: this.expansion * width })(hidden);
    hidden = this.get('dropout', layers.dropout, { rate: 0.1 })(tf.relu(hidden), options);
    return tf.add(x, this.get('project', layers.dense, { units: width })(hidden));
  }
}

/** Sizes of the {@link ResidualNetwork}. */
export interface ResidualNetworkOptions {
  readonly seed?: number;
  readonly width?: number;
  readonly depth?: number;
}

/** Blocks of one width between an input and an output layer. */
export class ResidualNetwork extends LayerDict {
  readonly #width: number;
  readonly #depth: number;

  constructor({ seed = 0, width = 16, depth = 3 }: ResidualNetworkOptions = {}) {
    super({ seed });
    this.#width = width;
    this.#depth = depth;
  }

  /** From `[batch, inputs]` to `[batch, 1]`. */
  call(x: tf.Tensor2D, options: CallOptions = {}): tf.Tensor2D {
    let hidden: tf.Tensor2D = this.get('stem', layers.dense, { units: this.#width })(x);
    for (let i = 0; i < this.#depth; i++) {
      hidden = this.get(['block', i], ResidualBlock, 2).call(hidden, options);
    }
    return this.scope('head').get('linear', layers.dense, { units: 1 })(hidden);
  }
}
