import type { Variable } from '@tensorflow/tfjs-core';
import { containerContents } from './containers.js';
import { isVariable } from './is-variable.js';
import { isLayer, type LayerLike, layerParts, layerVariables } from './layer-like.js';
import { isTrackable, joinPath, type Trackable } from './trackable.js';

/** Something found below a module: where, what, and below which node. */
export interface TrackedNode {
  /** Relative to where the walk began, as `encoder/enc1/kernel`. */
  readonly path: string;
  readonly value: Variable | LayerLike | Trackable;
  /** The closest module, callable or layer above; absent for the root only. */
  readonly owner: TrackedNode | undefined;
  /** False below a layer whose `trainable` is false. */
  readonly trainable: boolean;
}

interface Found {
  readonly path: string;
  readonly value: unknown;
  readonly owner: TrackedNode | undefined;
}

/** Called for each holder of a module or callable, also when it is met again. */
export type OnHolder = (holder: object, held: Trackable) => void;

/**
 * Everything tracked below `root`, level by level and by name within a level,
 * so that neither the order of creation nor a cycle matters. What can be
 * reached in several ways is listed once, under its shortest path.
 *
 * Looks anew at each call into attributes (getters are not run), arrays, plain
 * objects, Map, Set, modules, and layers of tfjs-layers.
 */
export function walk(root: Trackable, onHolder?: OnHolder): TrackedNode[] {
  const nodes: TrackedNode[] = [];
  const seen = new Set<unknown>();
  const variablePaths = new Set<string>();
  let level: Found[] = [{ path: '', value: root, owner: undefined }];
  while (level.length > 0) {
    const next: Found[] = [];
    for (const { path, value, owner } of level) {
      if (owner && isTrackable(value)) onHolder?.(owner.value, value);
      if (seen.has(value)) continue;
      if (isTracked(value)) {
        seen.add(value);
        const frozenLayer = isLayer(value) && value.trainable === false;
        const trainable = (owner?.trainable ?? true) && !frozenLayer;
        // A key such as 'a/b' can meet the path of something else.
        const unique = isVariable(value) ? uniqueName(path, variablePaths) : path;
        const node: TrackedNode = { path: unique, value, owner, trainable };
        nodes.push(node);
        next.push(...below(path, nodeContents(value), node));
      } else if (typeof value === 'object' && value !== null) {
        seen.add(value);
        next.push(...below(path, containerContents(value), owner));
      }
    }
    level = next;
  }
  return nodes;
}

function isTracked(value: unknown): value is TrackedNode['value'] {
  return isTrackable(value) || isVariable(value) || isLayer(value);
}

function* nodeContents(value: TrackedNode['value']): Iterable<readonly [string, unknown]> {
  if (isTrackable(value)) {
    yield* value.trackedEntries();
  } else if (isLayer(value)) {
    yield* layerVariables(value);
    yield* layerParts(value);
  }
}

/** The held values with their paths, by name; no two of them get the same path. */
function below(
  path: string,
  held: Iterable<readonly [string, unknown]>,
  owner: TrackedNode | undefined,
): Found[] {
  const used = new Set<string>();
  const found: (Found & { readonly name: string })[] = [];
  for (const [name, value] of held) {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) continue;
    const unique = uniqueName(name, used);
    found.push({ name: unique, path: joinPath(path, unique), value, owner });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `name`, or if it is used already, `name_1` and so on; adds it to `used`. */
function uniqueName(name: string, used: Set<string>): string {
  let unique = name;
  for (let n = 1; used.has(unique); n++) unique = `${name}_${n}`;
  used.add(unique);
  return unique;
}
