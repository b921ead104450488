import { isTrackable, type Trackable } from './trackable.js';
import { walk } from './walk.js';

/**
 * Who holds whom, so that something made late (a layer on its first use) can
 * find its path from the outermost module. Nothing here keeps a module alive.
 */
const holders = new WeakMap<object, WeakRef<object>[]>();

/** The modules made in one turn of the event loop, oldest first. */
interface Generation {
  readonly members: WeakRef<Trackable>[];
  /** False once the turn is over. */
  isOpen: boolean;
}

const generations = new WeakMap<object, Generation>();
let current: Generation | undefined;

/** How much of its generation a module without holders has searched for one. */
const searched = new WeakMap<object, { readonly count: number; readonly wasOpen: boolean }>();

/**
 * Notes that `node` exists. A model is nearly always put together in one turn of the
 * event loop, so the modules made in it are each other's possible holders.
 *
 * @param mayHold false for what holds nothing but its own layer
 */
export function registerTrackable(node: Trackable, mayHold = true): void {
  if (!current) {
    const generation: Generation = { members: [], isOpen: true };
    current = generation;
    void Promise.resolve().then(() => {
      generation.isOpen = false;
      current = undefined;
    });
  }
  if (mayHold) current.members.push(new WeakRef(node));
  generations.set(node, current);
}

/** Notes that `holder` holds `held`, directly or in a container. */
export function linkHolder(holder: object, held: Trackable): void {
  const known = holders.get(held) ?? [];
  if (known.some((ref) => ref.deref() === holder)) return;
  const alive = known.filter((ref) => ref.deref() !== undefined);
  holders.set(held, [...alive, new WeakRef(holder)]);
}

function holdersOf(node: Trackable): Trackable[] {
  if (!holders.has(node)) searchGeneration(node);
  const live: Trackable[] = [];
  for (const ref of holders.get(node) ?? []) {
    const holder = ref.deref();
    if (isTrackable(holder)) live.push(holder);
  }
  return live;
}

/** Has the possible holders of `node` tell what they hold, each as rarely as can be. */
function searchGeneration(node: Trackable): void {
  const generation = generations.get(node);
  if (!generation) return;
  const { members, isOpen } = generation;
  const before = searched.get(node) ?? { count: 0, wasOpen: isOpen };
  // What was still being constructed may hold more by the end of its turn.
  const from = before.wasOpen && !isOpen ? 0 : before.count;
  for (const ref of members.slice(from)) {
    const candidate = ref.deref();
    if (candidate && candidate !== node) walk(candidate, linkHolder);
  }
  searched.set(node, { count: members.length, wasOpen: isOpen });
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
