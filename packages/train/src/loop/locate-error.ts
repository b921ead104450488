import { isOuterLayer, linkHolder, Module, walk } from '@ae/module';
import type { VariableSource } from '../variables.js';

/**
 * Adds the path of a layer to an error that tells only the layer's tfjs name
 * (`dense_Dense3`), which says nothing about where it is in the model.
 */
export function locateError(error: unknown, model: VariableSource): unknown {
  if (!(error instanceof Error) || !(model instanceof Module)) return error;
  for (const node of walk(model, linkHolder)) {
    if (!isOuterLayer(node) || error.message.includes(`(in '${node.path}')`)) continue;
    const { name } = node.value as { name?: string };
    if (name !== undefined && new RegExp(`\\b${name}\\b`).test(error.message)) {
      error.message += ` (in '${node.path}')`;
      break;
    }
  }
  return error;
}
