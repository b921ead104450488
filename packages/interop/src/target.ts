import type { Variable } from '@tensorflow/tfjs-core';

/** What has variables with paths: a `Module` of `@ae/module`, or anything shaped like it. */
export interface HasNamedVariables {
  namedVariables(): Map<string, Variable>;
}

/** The shapes of one layer's variables, by name: `kernel` -> `[4, 4, 1, 32]`. */
export type LayerShapes = ReadonlyMap<string, readonly number[]>;

/** The variables of a module, grouped by the path of what owns them: `enc1` -> its shapes. */
export function layersOf(model: HasNamedVariables): Map<string, LayerShapes> {
  const layers = new Map<string, Map<string, readonly number[]>>();
  for (const [path, variable] of model.namedVariables()) {
    const [layer, name] = splitPath(path);
    const shapes = layers.get(layer) ?? new Map<string, readonly number[]>();
    layers.set(layer, shapes.set(name, variable.shape));
  }
  if (layers.size === 0) {
    throw new Error(
      'The module has no variables yet, so nothing says where weights belong. ' +
        'Call it once on an example first: layers make their variables at their first call.',
    );
  }
  return layers;
}

/** `encoder/enc1/kernel` -> `['encoder/enc1', 'kernel']`. */
export function splitPath(path: string): [owner: string, name: string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(slash, 0)), path.slice(slash + 1)];
}

/** `a` and `b` -> `a/b`; an empty owner adds nothing. */
export function joinPath(owner: string, name: string): string {
  return owner === '' ? name : `${owner}/${name}`;
}
