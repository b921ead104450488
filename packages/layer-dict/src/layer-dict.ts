import { isLayer, isTrackable, linkHolder, Module } from '@ae/module';
import { callableLayer } from './callable-layer.js';
import { make } from './make.js';
import { setSeed } from './seed.js';
import type { ArgumentsOf, Made, Maker } from './types.js';

/** How a {@link LayerDict} is set up. */
export interface LayerDictOptions {
  /** The seed of all initial weights below; see {@link setSeed}. Default: that of the module above, else 0. */
  readonly seed?: number | undefined;
}

/**
 * Layers by name, each made where it is first used, so that a model mentions a
 * layer once:
 *
 * ```ts
 * class Encoder extends LayerDict {
 *   encode(image: Tensor4D): Tensor2D {
 *     const hidden = this.get('enc1', layers.conv2d, { filters: 32, kernelSize: 4 })(image);
 *     return this.get('code', layers.dense, { units: 64 })(tf.reshape(hidden, [-1, 20000]));
 *   }
 * }
 * ```
 *
 * Works by inheritance, and as an attribute of any module.
 */
export class LayerDict extends Module {
  readonly #entries = new Map<string, Made<Maker>>();

  constructor(options: LayerDictOptions = {}) {
    super();
    if (options.seed !== undefined) setSeed(this, options.seed);
  }

  /**
   * The layer called `name`: made by `maker(...args)` the first time, the same
   * one ever after.
   *
   * @param maker a factory (`layers.conv2d`), a layer or module class, or any
   *   function that returns a layer or module
   */
  get<M extends Maker>(name: string, maker: M, ...args: ArgumentsOf<M>): Made<M> {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      const made = make(maker, args);
      entry = (isLayer(made) ? callableLayer(made, args[0]) : made) as Made<Maker>;
      if (isTrackable(entry)) linkHolder(this, entry);
      this.#entries.set(name, entry);
    }
    return entry as Made<M>;
  }

  override *trackedEntries(): Iterable<readonly [name: string, value: unknown]> {
    yield* this.#entries;
    yield* super.trackedEntries();
  }
}
