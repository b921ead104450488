import { isLayer } from './layer-like.js';
import { linkHolder } from './lineage.js';
import { isTrackable, type Trackable } from './trackable.js';
import { walk } from './walk.js';

/** Tells of a path whether a variable may still be made there. */
export function growth(module: Trackable): (path: string) => boolean {
  const nodes = walk(module, linkHolder);
  return (path) =>
    nodes.some(({ path: above, value }) => {
      const prefix = above === '' ? '' : `${above}/`;
      if (!path.startsWith(prefix)) return false;
      if (isTrackable(value)) return value.mayMake?.(path.slice(prefix.length)) === true;
      return isLayer(value) && value.built === false;
    });
}
