import type { StateDict } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { type Resting, release, toBackend, toHost } from './tensor-value.js';
import { trainableVariablesOf, type VariableSource } from './variables.js';

/**
 * An exponential moving average of a model's trainable weights, which often
 * evaluates better than the weights themselves (Polyak and Juditsky, 1992; TF2's
 * `ExponentialMovingAverage`). A variable's average begins at its value when it
 * is first seen.
 */
export class ExponentialMovingAverage {
  private readonly averages = new Map<string, Resting>();

  /** @param decay how much of the average each update keeps, such as 0.999 */
  constructor(readonly decay: number) {
    if (decay >= 0 && decay < 1) return;
    throw new RangeError(`The decay of an average must be in [0, 1), not ${decay}.`);
  }

  /** Takes the present weights into the averages. */
  update(source: VariableSource): void {
    for (const [path, variable] of trainableVariablesOf(source)) {
      const before = this.tensor(path);
      const after = tf.tidy(() =>
        before === undefined
          ? variable.clone()
          : tf.add(tf.mul(before, this.decay), tf.mul(variable, 1 - this.decay)),
      );
      before?.dispose();
      this.averages.set(path, tf.keep(after));
    }
  }

  /** Runs `use` while the model has the averages for weights, and puts its own back. */
  async applied<T>(source: VariableSource, use: () => T | Promise<T>): Promise<T> {
    const own = new Map<tf.Variable, tf.Tensor>();
    for (const [path, variable] of trainableVariablesOf(source)) {
      const average = this.tensor(path);
      if (average === undefined) continue;
      own.set(variable, tf.keep(variable.clone()));
      variable.assign(average);
    }
    try {
      return await use();
    } finally {
      for (const [variable, value] of own) {
        variable.assign(value);
        value.dispose();
      }
    }
  }

  /** A copy of the averages by path. */
  state(): StateDict {
    const paths = [...this.averages.keys()].sort();
    return new Map(paths.map((path) => [path, toHost(this.averages.get(path)!)]));
  }

  /** Takes over what `state` gave. */
  load(state: StateDict): void {
    this.dispose();
    for (const [path, value] of state) this.averages.set(path, value);
  }

  /** Moves the averages to the host, so that no tensors remain; the next use moves them back. */
  offload(): void {
    for (const [path, value] of this.state()) {
      release(this.averages.get(path)!);
      this.averages.set(path, value);
    }
  }

  /** Forgets the averages and frees their tensors. */
  dispose(): void {
    for (const average of this.averages.values()) release(average);
    this.averages.clear();
  }

  private tensor(path: string): tf.Tensor | undefined {
    const average = this.averages.get(path);
    if (average === undefined) return undefined;
    const tensor = toBackend(average);
    this.averages.set(path, tensor);
    return tensor;
  }
}
