import { ancestry, type Module, type Trackable } from '@ae/module';
import { redrawBelow } from './redraw.js';

const seeds = new WeakMap<object, number>();

/**
 * Sets the seed of all initial weights below `module`. A weight depends on this
 * seed and on its path from `module`, and on nothing else: neither on the order
 * in which layers are made nor on what other layers there are.
 *
 * The closest seed above a layer counts. Without any, the seed is 0 and the path
 * begins at the outermost module.
 *
 * Layers that have their weights already, as whole models of tfjs-layers do from the
 * beginning, draw them anew; so set the seed before loading weights.
 *
 * @throws RangeError when `seed` is not an integer
 */
export function setSeed(module: Module, seed: number): void {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(`setSeed: the seed must be an integer, not ${seed}.`);
  }
  seeds.set(module, seed);
  redrawBelow(module, (node) => seeds.has(node), seed);
}

/** The seed that counts for `node`, and its path from where that seed was set. */
export function seedAbove(node: Trackable): { seed: number; path: string } {
  const chain = ancestry(node);
  for (const { value, path } of [...chain].reverse()) {
    const seed = seeds.get(value);
    if (seed !== undefined) return { seed, path };
  }
  return { seed: 0, path: chain[0]!.path };
}
