import { Tensor } from '@tensorflow/tfjs-core';
import { containerContents } from './containers.js';
import { isVariable } from './is-variable.js';
import { isTrackable, type Trackable } from './trackable.js';
import { walk } from './walk.js';

/**
 * The tensors that are no variables in attributes of `root` and of what is below it,
 * and in containers there, by attribute and key (`'tables.sine'`).
 */
export function* heldTensors(root: Trackable): Iterable<readonly [name: string, Tensor]> {
  for (const { value } of walk(root)) {
    if (!isTrackable(value)) continue;
    for (const [name, held] of value.trackedEntries()) {
      if (isPlainTensor(held)) yield [name, held];
      for (const [key, inner] of containerContents(held)) {
        if (isPlainTensor(inner)) yield [`${name}.${key}`, inner];
      }
    }
  }
}

function isPlainTensor(value: unknown): value is Tensor {
  if (typeof value !== 'object' || value === null || isVariable(value)) return false;
  return Object.hasOwn(value, 'dataId') && value instanceof Tensor;
}
