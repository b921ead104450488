import {
  ancestry,
  heldTensors,
  isLayer,
  isTrackable,
  joinPath,
  linkHolder,
  Module,
  walk,
} from '@ae/module';
import { keep, Variable } from '@tensorflow/tfjs-core';
import { differences, sameFunction, snapshot } from './arguments.js';
import { type CallSite, captureCallSite, describeCallSite } from './call-site.js';
import { callableLayer } from './callable-layer.js';
import { isClass, make } from './make.js';
import { checkName } from './name.js';
import { setSeed } from './seed.js';
import type { ArgumentsOf, Made, Maker } from './types.js';

/** How a {@link LayerDict} is set up. */
export interface LayerDictOptions {
  /** The seed of all initial weights below; see {@link setSeed}. Default: that of the module above, else 0. */
  readonly seed?: number | undefined;
  /** What it is called in messages and summaries. Default: its attribute's name. */
  readonly name?: string | undefined;
}

/** A layer's name, or the names of the scopes around it and its own: `['block', 3, 'dense']`. */
export type LayerName = string | readonly [string, ...(string | number)[]];

type Callee = (...args: never[]) => unknown;

interface Entry {
  readonly made: Made<Maker>;
  readonly maker: Maker;
  /** A copy of the arguments. */
  readonly args: unknown;
  readonly callSite: CallSite;
}

/** Thrown when a name is asked for with another maker or other arguments than at first. */
export class DriftError extends Error {
  override readonly name = 'DriftError';
  /** The path of the layer. */
  readonly path: string;
  /** What differs, as `filters: 32, now 64`. */
  readonly differences: readonly string[];

  constructor(path: string, first: CallSite, now: CallSite, differing: readonly string[]) {
    super(
      `'${path}' was first asked for in another way:\n` +
        `${differing.map((difference) => `  ${difference}`).join('\n')}\n` +
        `  first in ${describeCallSite(first)}\n` +
        `  now in   ${describeCallSite(now)}\n` +
        'Ask in the same way to share the layer, or use another name for another layer.',
    );
    this.path = path;
    this.differences = differing;
  }
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
  readonly #entries = new Map<string, Entry>();

  constructor({ seed, name }: LayerDictOptions = {}) {
    super({ name });
    if (seed !== undefined) setSeed(this, seed);
  }

  /**
   * The layer called `name`: made by `maker(...args)` the first time, the same one
   * ever after.
   *
   * @param name as `'enc1'`; with scopes, as `['block', 3, 'dense']`, whose path is
   *   `block/3/dense`
   * @param maker a factory (`layers.conv2d`), a layer or module class, or any
   *   function that returns a layer or module. Of a function written in place the
   *   text is compared, not the values that it closes over: pass those as arguments
   * @throws DriftError when maker or arguments are not those of the first time
   * @throws TypeError when the name cannot be one
   */
  get<M extends Maker>(name: LayerName, maker: M, ...args: ArgumentsOf<M>): Made<M> {
    if (typeof name !== 'string' && Array.isArray(name)) {
      const scopes: readonly (string | number)[] = name.slice(0, -1);
      const inner = this.#within(scopes, this.get);
      return inner.#ask(checkName(name.at(-1)), maker, args, this.get) as Made<M>;
    }
    return this.#ask(checkName(name), maker, args, this.get) as Made<M>;
  }

  /**
   * The dictionary inside this one with this name, for layers with paths below it:
   * `scope('block', 3).get('dense', ...)` is `block/3/dense`.
   */
  scope(...names: [string, ...(string | number)[]]): LayerDict {
    return this.#within(names, this.scope);
  }

  #within(names: readonly (string | number)[], callee: Callee): LayerDict {
    return names.reduce<LayerDict>(
      (outer, name) => outer.#ask(checkName(name), LayerDict, [], callee) as LayerDict,
      this,
    );
  }

  /** @param callee the public method, whose caller an error should show */
  #ask(name: string, maker: Maker, args: readonly unknown[], callee: Callee): Made<Maker> {
    const entry = this.#entries.get(name);
    if (entry) {
      this.#checkDrift(name, entry, maker, args, callee);
      return entry.made;
    }
    const attribute = Object.getOwnPropertyDescriptor(this, name)?.value;
    if (isTrackable(attribute) || isLayer(attribute)) {
      throw new TypeError(
        `LayerDict: '${name}' is an attribute of ${this.name} already; both would have the path '${name}'.`,
      );
    }
    const before = snapshot(args);
    const callSite = captureCallSite(callee);
    const result = make(maker, args);
    const layer = isLayer(result) ? callableLayer(result, args[0]) : undefined;
    const made = (layer?.callable ?? result) as Made<Maker>;
    if (!isTrackable(made)) {
      throw new TypeError(
        `LayerDict: '${name}' should be a layer or a module, but ${maker.name || 'the function'} returned ${String(made)}.`,
      );
    }
    linkHolder(this, made);
    // Made under tf.tidy, a module must not lose the constants in its attributes.
    for (const [, tensor] of heldTensors(made)) keep(tensor);
    this.#entries.set(name, { made, maker, args: before, callSite });
    // A whole model has weights already; they should be those of its seed at once.
    if (walk(made).some(({ value }) => value instanceof Variable)) layer?.prepare();
    return made;
  }

  #checkDrift(
    name: string,
    entry: Entry,
    maker: Maker,
    args: readonly unknown[],
    callee: Callee,
  ): void {
    const isSame = isClass(maker) ? maker === entry.maker : sameFunction(maker, entry.maker);
    const differing = isSame
      ? differences(unwrapped(entry.args), unwrapped(args))
      : [`made by ${entry.maker.name || 'a function'}, now by ${maker.name || 'another function'}`];
    if (differing.length === 0) return;
    const path = joinPath(ancestry(this)[0]!.path, name);
    throw new DriftError(path, entry.callSite, captureCallSite(callee), differing);
  }

  /** Whether a layer of this path could still be asked for. */
  mayMake(path: string): boolean {
    const [name, ...inner] = path.split('/');
    return inner.length > 0 && !this.#entries.has(name!);
  }

  override *trackedEntries(): Iterable<readonly [name: string, value: unknown]> {
    for (const [name, { made }] of this.#entries) yield [name, made];
    yield* super.trackedEntries();
  }
}

/** Of a single argument the keys are told without its number: `filters`, not `0.filters`. */
function unwrapped(args: unknown): unknown {
  return Array.isArray(args) && args.length <= 1 ? (args[0] ?? {}) : args;
}
