import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { isVariable } from './is-variable.js';
import { isLayer, type LayerLike } from './layer-like.js';
import { linkHolder } from './lineage.js';
import { shadow } from './shadow.js';
import type { Trackable } from './trackable.js';
import { type TrackedNode, walk } from './walk.js';

/** What is told while a module runs. */
export interface Observer {
  /** A layer has computed `output`. */
  layerCalled?(path: string, output: unknown): void;
  /** A kernel has run, on behalf of the layer or the owner of the variable at `path`. */
  kernelRun?(
    path: string,
    name: string,
    inputs: NamedTensorMap,
    attributes: NamedAttrMap,
    output: Tensor,
  ): void;
}

/**
 * Runs `run` and tells `observer` what the layers below `root` do meanwhile. Layers
 * that `run` itself makes are not observed. `run` must be synchronous.
 */
export function observe<T>(root: Trackable, observer: Observer, run: () => T): T {
  const stop = startObserving(root, observer);
  try {
    return run();
  } finally {
    stop();
  }
}

/** As {@link observe}, until the function that it returns is called. */
export function startObserving(root: Trackable, observer: Observer): () => void {
  const nodes = walk(root, linkHolder);
  const calling: string[] = [];
  const undo = nodes.filter(isOuterLayer).map((node) => hookLayer(node, calling, observer));
  if (observer.kernelRun) undo.push(hookKernels(nodes, calling, observer));
  return () => {
    for (const each of undo) each();
  };
}

/** A layer, where it was found. */
export interface LayerNode extends TrackedNode {
  readonly value: LayerLike;
}

/** Whether a node is a layer with a path of its own, so not the cell of a recurrent one. */
export function isOuterLayer(node: TrackedNode): node is LayerNode {
  const { value, path, owner } = node;
  return isLayer(value) && !(isLayer(owner?.value) && owner.path === path);
}

/** Shadows a layer's `call`, which both an eager call and a surrounding model go through. */
function hookLayer({ value, path }: LayerNode, calling: string[], observer: Observer): () => void {
  const layer = value as LayerLike & { call(...args: unknown[]): unknown };
  const call = layer.call;
  return shadow(layer, 'call', (...args) => {
    calling.push(path);
    try {
      const output = call.apply(layer, args);
      observer.layerCalled?.(path, output);
      return output;
    } finally {
      calling.pop();
    }
  });
}

function hookKernels(
  nodes: readonly TrackedNode[],
  calling: readonly string[],
  observer: Observer,
): () => void {
  const owners = new Map<number, string>();
  for (const { value, owner } of nodes) {
    if (owner && isVariable(value)) owners.set(value.id, owner.path);
  }
  const running = engine();
  const runKernel = running.runKernel;
  return shadow(
    running,
    'runKernel',
    <T extends Tensor | Tensor[]>(
      name: string,
      inputs: NamedTensorMap,
      attributes?: NamedAttrMap,
    ): T => {
      const output: T = runKernel.call(running, name, inputs, attributes) as T;
      const used = Object.values(inputs).find((input) => input && owners.has(input.id));
      const path = calling.at(-1) ?? (used ? owners.get(used.id)! : '');
      const first: Tensor | undefined = Array.isArray(output) ? output[0] : output;
      if (first) observer.kernelRun?.(path, name, inputs, attributes ?? {}, first);
      return output;
    },
  );
}
