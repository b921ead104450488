import { isTrackable, type Trackable } from './trackable.js';
import { walk } from './walk.js';

/**
 * Who holds whom, so that something made late (a layer on its first use) can
 * find its path from the outermost module. Nothing here keeps a module alive.
 */
const holders = new WeakMap<object, WeakRef<object>[]>();

/** What was made in the same turn of the event loop, oldest first. */
type Generation = WeakRef<Trackable>[];

const generations = new WeakMap<object, Generation>();
let current: Generation | undefined;

/**
 * Notes that `node` exists. A model is nearly always put together in one turn
 * of the event loop, so its modules are each other's possible holders.
 */
export function registerTrackable(node: Trackable): void {
  if (!current) {
    current = [];
    void Promise.resolve().then(() => {
      current = undefined;
    });
  }
  current.push(new WeakRef(node));
  generations.set(node, current);
}

/** Notes that `holder` holds `held`, directly or in a container. */
export function linkHolder(holder: object, held: Trackable): void {
  const known = holders.get(held) ?? [];
  if (known.some((ref) => ref.deref() === holder)) return;
  known.push(new WeakRef(holder));
  holders.set(held, known);
}

function holdersOf(node: Trackable): Trackable[] {
  if (!holders.has(node)) {
    for (const ref of generations.get(node) ?? []) {
      const candidate = ref.deref();
      if (candidate && candidate !== node) walk(candidate, linkHolder);
    }
  }
  const live: Trackable[] = [];
  for (const ref of holders.get(node) ?? []) {
    const holder = ref.deref();
    if (isTrackable(holder)) live.push(holder);
  }
  return live;
}

/** `node` and everything that holds it, nearest first. */
export function withHolders(node: Trackable): Trackable[] {
  const found = new Set([node]);
  for (const each of found) {
    for (const holder of holdersOf(each)) found.add(holder);
  }
  return [...found];
}

/** One step on the way from the outermost module to something below it. */
export interface Ancestor {
  readonly value: object;
  /** The path of the thing looked for, from here. */
  readonly path: string;
}

/**
 * The way from the outermost module down to `node`, outermost first and `node`
 * itself last (with the empty path). What several models share belongs to the
 * model that was noted first.
 */
export function ancestry(node: Trackable): Ancestor[] {
  const above = withHolders(node);
  const outermost = above.filter((each) => holdersOf(each).length === 0);
  // In a cycle nobody is outermost; then whoever is farthest away is.
  for (const root of [...outermost, ...above.reverse()]) {
    const found = walk(root, linkHolder).find(({ value }) => value === node);
    if (!found) continue;
    const chain: Ancestor[] = [];
    for (let each = found as typeof found | undefined; each; each = each.owner) {
      const start = each.path === '' ? 0 : each.path.length + 1;
      chain.unshift({ value: each.value, path: found.path.slice(start) });
    }
    return chain;
  }
  return [{ value: node, path: '' }];
}
