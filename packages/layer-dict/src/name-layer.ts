import type { LayerLike } from '@ae/module';
import { engine } from '@tensorflow/tfjs-core';

/**
 * Names a layer, and so its variables, by its path instead of by how many such
 * layers the process has made (`conv2d_Conv2D7`), for tfjs's own messages and
 * profiles. A name that the caller gave stays.
 *
 * tfjs refuses a second variable of the same name, so another model's `enc1`
 * becomes `enc1_1`. Nothing else depends on these names.
 */
export function nameLayer(layer: LayerLike, path: string): void {
  const isAutomatic = new RegExp(`_${layer.getClassName()}\\d+$`).test(layer.name);
  if (layer.built || !isAutomatic || !/^[A-Za-z0-9][-\w./]*$/.test(path)) return;
  const taken = Object.keys(engine().registeredVariables);
  let name = path;
  for (let n = 1; taken.some((other) => other.startsWith(`${name}/`)); n++) name = `${path}_${n}`;
  (layer as { name: string }).name = name;
}
