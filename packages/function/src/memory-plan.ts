import * as tf from '@tensorflow/tfjs-core';
import type { Graph, ValueId } from './graph.js';
import { lastUses } from './liveness.js';

/** What a program's computed values take, in bytes. */
export interface MemoryUse {
  /** Of all of them together, as if nothing were freed or reused. */
  readonly computed: number;
  /** Of those that are alive at the same time, at most. */
  readonly peak: number;
}

function bytesOf(graph: Graph, id: ValueId): number {
  const { dtype, shape } = graph.values[id]!;
  if (dtype === 'string') return 0;
  return tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype);
}

/** Follows the life of each value through the program; a reshape shares the memory of its operand. */
export function memoryUse(graph: Graph): MemoryUse {
  const uses = lastUses(graph);
  const owner = new Map<ValueId, ValueId>();
  const users = new Map<ValueId, number>();
  let computed = 0;
  let alive = 0;
  let peak = 0;
  graph.operations.forEach(({ kernel, inputs, outputs }, index) => {
    for (const id of outputs) {
      const shared = kernel === 'Reshape' ? (inputs as { x: ValueId }).x : id;
      const root = owner.get(shared) ?? shared;
      owner.set(id, root);
      users.set(root, (users.get(root) ?? 0) + 1);
      if (root !== id) continue;
      computed += bytesOf(graph, id);
      alive += bytesOf(graph, id);
    }
    peak = Math.max(peak, alive);
    for (const id of uses[index]!) {
      const root = owner.get(id)!;
      const left = users.get(root)! - 1;
      users.set(root, left);
      // What a reshape shares with a source is not the program's.
      if (left === 0 && owner.has(root)) alive -= bytesOf(graph, root);
    }
  });
  return { computed, peak };
}
