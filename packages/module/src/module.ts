import { type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { attributes } from './containers.js';
import {
  addRule,
  announceVariables,
  clearExpectations,
  expectationsOf,
  settledVariables,
} from './expectations.js';
import { ancestry, linkHolder, registerTrackable } from './lineage.js';
import type { LoadReport } from './load-report.js';
import { type LoadOptions, loadState } from './load-state.js';
import { inNameScope } from './name-scope.js';
import { nearestName } from './nearest-name.js';
import { literalPath, type PathPattern, pathMatcher } from './path-pattern.js';
import { readValue, type StateDict, type TensorValue } from './state.js';
import { type Summary, summarize } from './summary.js';
import type { Trackable } from './trackable.js';
import { byPath, type VariableNode } from './variable-nodes.js';
import { walk } from './walk.js';

/** How a {@link Module} is set up. */
export interface ModuleOptions {
  /** What the module is called in messages and summaries. Default: its attribute's name. */
  readonly name?: string | undefined;
}

/**
 * A part of a model, or a whole one: a class whose attributes hold variables,
 * layers and other modules, and whose methods compute with them.
 *
 * ```ts
 * class Affine extends Module {
 *   readonly kernel = tf.variable(tf.zeros<tf.Rank.R2>([3, 2]));
 *   readonly bias = tf.variable(tf.zeros([2]));
 *   call(x: tf.Tensor2D): tf.Tensor2D {
 *     return tf.add(tf.matMul(x, this.kernel), this.bias);
 *   }
 * }
 * new Affine().namedVariables(); // 'bias' -> Variable, 'kernel' -> Variable
 * ```
 *
 * Nothing is registered: each question looks at what the attributes hold by then.
 * What JavaScript hides, in `#private` fields, is made visible by {@link track}.
 *
 * After `tf.Module` of TensorFlow 2.
 */
export class Module implements Trackable {
  readonly #name: string | undefined;
  readonly #tracked = new Map<string, unknown>();
  readonly #untracked = new WeakSet<object>();

  constructor({ name }: ModuleOptions = {}) {
    this.#name = name;
    registerTrackable(this);
  }

  /**
   * What this module is called in messages and summaries: the name it was given,
   * else the last piece of its path, else `'module'`. Never the class's name, which
   * minification changes.
   */
  get name(): string {
    return this.#name ?? (ancestry(this)[0]!.path.split('/').at(-1) || 'module');
  }

  /** Every variable below this module, each once, ordered by path. */
  get variables(): Variable[] {
    return settledVariables(this).map(({ value }) => value);
  }

  /** The variables that training changes: those that no `freeze` and no layer's `trainable: false` excludes. */
  get trainableVariables(): Variable[] {
    return settledVariables(this)
      .filter(isTrainable)
      .map(({ value }) => value);
  }

  /** The variables that training leaves alone: frozen ones, and state as moving averages. */
  get nonTrainableVariables(): Variable[] {
    return settledVariables(this)
      .filter((node) => !isTrainable(node))
      .map(({ value }) => value);
  }

  /** Every module below this one, each once, ordered by path. */
  get submodules(): Module[] {
    return [...this.namedModules().values()].filter((module) => module !== this);
  }

  /** The variables by path, as `enc1/kernel`, ordered by path. */
  namedVariables(): Map<string, Variable> {
    return new Map(settledVariables(this).map(({ path, value }) => [path, value]));
  }

  /** This module (under the empty path) and the modules below it, ordered by path. */
  namedModules(): Map<string, Module> {
    const modules = new Map<string, Module>();
    for (const { path, value } of byPath(walk(this, linkHolder))) {
      if (value instanceof Module) modules.set(path, value);
    }
    return modules;
  }

  /**
   * The variable with this path.
   *
   * @throws Error when there is none, with the nearest path there is
   */
  variable(path: string): Variable {
    const variables = this.namedVariables();
    const found = variables.get(path);
    if (found) return found;
    const meant = nearestName(path, variables.keys());
    throw new Error(
      `${this.name} has no variable '${path}'` +
        (meant === undefined
          ? `; it has ${variables.size === 0 ? 'none' : [...variables.keys()].join(', ')}.`
          : `. Did you mean '${meant}'?`),
    );
  }

  /** Copies of all values, by path. */
  stateDict(): StateDict {
    const state = new Map<string, TensorValue>();
    for (const [path, variable] of this.namedVariables()) {
      state.set(path, readValue(variable, path));
    }
    return state;
  }

  /**
   * Assigns the values of a {@link stateDict}: all of them, or none when one does
   * not fit. Values for layers that are not made yet are kept until they are.
   *
   * @throws LoadStateError, whose message and `report` say what does not fit
   */
  loadStateDict(state: ReadonlyMap<string, TensorValue>, options?: LoadOptions): LoadReport {
    return loadState(this, state, options);
  }

  /** The paths of loaded values that no variable has claimed yet. */
  get deferredPaths(): string[] {
    settledVariables(this);
    return [...expectationsOf(this).values.keys()].sort();
  }

  /** Copies the values of another module with the same paths; as {@link loadStateDict}. */
  copyFrom(other: Module, options?: LoadOptions): LoadReport {
    return this.loadStateDict(other.stateDict(), options);
  }

  /**
   * Excludes variables from training, by path or predicate; all without a pattern.
   * Also those that match and are made later. Sets `variable.trainable`, so every
   * optimizer respects it, and every module that shares the variable.
   *
   * @returns the paths of the variables it changed
   * @throws Error when a pattern without wildcards is the path of nothing
   */
  freeze(pattern?: PathPattern): string[] {
    return addRule(this, {
      matches: pathMatcher(pattern),
      frozen: true,
      literal: literalPath(pattern),
    });
  }

  /**
   * Takes {@link freeze} back. What was never trainable (a moving average, a
   * `tf.variable(value, false)`) stays as it is.
   *
   * @returns the paths of the variables it changed
   */
  unfreeze(pattern?: PathPattern): string[] {
    return addRule(this, {
      matches: pathMatcher(pattern),
      frozen: false,
      literal: literalPath(pattern),
    });
  }

  /**
   * Assigns `change(variable, path)` to each variable; all or none, and without
   * leaking what `change` computes on the way.
   */
  map(change: (variable: Variable, path: string) => Tensor): this {
    tidy(() => {
      const changed = [...this.namedVariables()].map(
        ([path, variable]) => [variable, change(variable, path)] as const,
      );
      for (const [variable, value] of changed) variable.assign(value);
    });
    return this;
  }

  /**
   * What this module is made of, by path: output shapes, parameters, bytes and
   * multiply-adds. Prints as a table; also has the data.
   *
   * ```ts
   * console.log(model.summary((m) => m.decode(m.encode(tf.zeros([1, 28, 28, 1])))));
   * ```
   *
   * @param run runs the model on an input, twice. Or pass the inputs, for which
   *   `call(...inputs)` runs. Without either only what does not depend on an input
   *   is told, of the layers made so far.
   */
  summary(run: (module: this) => unknown): Summary;
  summary(...inputs: Tensor[]): Summary;
  summary(...args: [(module: this) => unknown] | Tensor[]): Summary {
    const [first] = args;
    if (first === undefined) return summarize(this);
    if (typeof first === 'function') return summarize(this, () => first(this));
    const { call } = this as { call?: (...inputs: unknown[]) => unknown };
    if (typeof call !== 'function') {
      throw new TypeError(
        `summary: ${this.name} has no method call(...inputs). Say how to run it:\n` +
          '    model.summary((m) => m.decode(m.encode(image)));',
      );
    }
    return summarize(this, () => call.apply(this, args));
  }

  /** Disposes of every variable below, each once. The module is of no use afterwards. */
  dispose(): void {
    for (const variable of this.variables) {
      // A disposed one has given its name back, perhaps to another variable.
      if (!variable.isDisposed) variable.dispose();
    }
    clearExpectations(this);
  }

  /** For `using model = new Model()`; see {@link dispose}. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /**
   * Makes a value in a `#private` field, or made late, part of this module:
   *
   * ```ts
   * readonly #kernel = this.track('kernel', tf.variable(tf.zeros([3, 2])));
   * ```
   *
   * @param name its name in paths
   * @returns the value
   */
  protected track<T>(name: string, value: T): T {
    this.#tracked.set(name, value);
    announceVariables(this);
    return value;
  }

  /**
   * Makes a value in an attribute no part of this module: neither trained with it
   * nor saved with it.
   *
   * ```ts
   * readonly teacher = this.untrack(new Teacher());
   * ```
   *
   * @returns the value
   */
  protected untrack<T extends object>(value: T): T {
    this.#untracked.add(value);
    return value;
  }

  /**
   * Runs `run` in the name scope of this module: an error from inside says its path.
   * `run` must be synchronous.
   */
  protected inNameScope<T>(run: () => T): T {
    return inNameScope(this, run);
  }

  /** What this module holds, by attribute name: what reflection sees, and what {@link track} shows. */
  *trackedEntries(): Iterable<readonly [name: string, value: unknown]> {
    for (const [name, value] of [...this.#tracked, ...attributes(this)]) {
      if (!this.#untracked.has(value as object)) yield [name, value];
    }
  }
}

function isTrainable({ trainable, value }: VariableNode): boolean {
  return trainable && value.trainable;
}
