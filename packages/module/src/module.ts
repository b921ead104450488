import { tidy, Variable } from '@tensorflow/tfjs-core';
import { attributes } from './containers.js';
import { linkHolder, registerTrackable } from './lineage.js';
import { readValue, type StateDict, type TensorValue, toTensor } from './state.js';
import type { Trackable } from './trackable.js';
import { type TrackedNode, walk } from './walk.js';

/**
 * A part of a model, or a whole one: a class whose attributes hold variables,
 * layers and other modules, and whose methods compute with them.
 *
 * ```ts
 * class Affine extends Module {
 *   readonly kernel = tf.variable(tf.zeros([3, 2]));
 *   readonly bias = tf.variable(tf.zeros([2]));
 *   call(x: tf.Tensor2D): tf.Tensor2D {
 *     return tf.add(tf.matMul(x, this.kernel), this.bias);
 *   }
 * }
 * new Affine().namedVariables(); // 'bias' -> Variable, 'kernel' -> Variable
 * ```
 *
 * After `tf.Module` of TensorFlow 2.
 */
export class Module implements Trackable {
  constructor() {
    registerTrackable(this);
  }

  /** Every variable below this module, each once, ordered by path. */
  get variables(): Variable[] {
    return [...this.namedVariables().values()];
  }

  /** The variables that training changes. */
  get trainableVariables(): Variable[] {
    return sorted(variableNodes(this))
      .filter((node) => node.trainable && node.value.trainable)
      .map((node) => node.value);
  }

  /** The variables that training leaves alone: frozen ones, and state as moving averages. */
  get nonTrainableVariables(): Variable[] {
    return sorted(variableNodes(this))
      .filter((node) => !(node.trainable && node.value.trainable))
      .map((node) => node.value);
  }

  /** Every module below this one, each once, ordered by path. */
  get submodules(): Module[] {
    return [...this.namedModules().values()].filter((module) => module !== this);
  }

  /** The variables by path, as `enc1/kernel`, ordered by path. */
  namedVariables(): Map<string, Variable> {
    return new Map(sorted(variableNodes(this)).map(({ path, value }) => [path, value]));
  }

  /** This module (under the empty path) and the modules below it, by path. */
  namedModules(): Map<string, Module> {
    const modules: [string, Module][] = [];
    for (const { path, value } of sorted(walk(this, linkHolder))) {
      if (value instanceof Module) modules.push([path, value]);
    }
    return new Map(modules);
  }

  /** Copies of all values by path. */
  stateDict(): StateDict {
    const state = new Map<string, TensorValue>();
    for (const [path, variable] of this.namedVariables()) {
      state.set(path, readValue(variable, path));
    }
    return state;
  }

  /** Assigns the values of {@link stateDict}; all paths and shapes must agree. */
  loadStateDict(state: ReadonlyMap<string, TensorValue>): void {
    const variables = this.namedVariables();
    tidy(() => {
      for (const [path, value] of state) variables.get(path)?.assign(toTensor(value));
    });
  }

  /** What reflection sees of this module. */
  *trackedEntries(): Iterable<readonly [name: string, value: unknown]> {
    yield* attributes(this);
  }
}

interface VariableNode extends TrackedNode {
  readonly value: Variable;
}

function variableNodes(module: Module): VariableNode[] {
  return walk(module, linkHolder).filter(
    (node): node is VariableNode => node.value instanceof Variable,
  );
}

function sorted<N extends TrackedNode>(nodes: readonly N[]): N[] {
  return [...nodes].sort((a, b) => (a.path < b.path ? -1 : 1));
}
