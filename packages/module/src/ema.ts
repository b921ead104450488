import { add, mul, sub, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { announceVariables } from './expectations.js';
import { Module } from './module.js';

/**
 * An exponential moving average of a module's variables: a shadow of each, that
 * `update` moves towards it.
 *
 * ```ts
 * const average = ema(model, 0.999);
 * // after each training step:
 * average.update();
 * // to judge the averaged model:
 * average.apply(() => validate(model));
 * ```
 *
 * It is a module whose variables have the paths of the model's, so that its
 * `stateDict()` is that of an averaged model, and a checkpoint holds it. None of
 * them is trainable.
 */
export class ExponentialMovingAverage extends Module {
  readonly #model: Module;
  readonly #shadows = new Map<string, Variable>();
  readonly #decay: number;

  constructor(model: Module, decay: number) {
    super();
    if (!(decay >= 0 && decay <= 1)) {
      throw new RangeError(`ema: the decay must be between 0 and 1, not ${decay}.`);
    }
    this.#model = model;
    this.#decay = decay;
    this.#follow();
  }

  /**
   * `shadow = decay * shadow + (1 - decay) * value` for each trainable variable of
   * the model. Others (moving averages, counters) are copied, and the average
   * of a variable that was made since begins with its present value.
   */
  update(): void {
    this.#follow();
    const trainable = new Set(this.#model.trainableVariables);
    for (const [path, value] of this.#model.namedVariables()) {
      const shadow = this.#shadows.get(path)!;
      tidy(() => {
        const averaged = trainable.has(value) && value.dtype === 'float32';
        // Written with the difference, which rounds less when the decay is near 1.
        shadow.assign(
          averaged ? add(shadow, mul(sub(value, shadow), 1 - this.#decay)) : value.clone(),
        );
      });
    }
  }

  /**
   * Runs `run` while the model has the averaged values, and gives it its own back
   * afterwards, also when `run` throws or its promise is rejected.
   */
  apply<T>(run: () => T): T {
    this.#exchange();
    let result: T;
    try {
      result = run();
    } catch (error) {
      this.#exchange();
      throw error;
    }
    if (result instanceof Promise) {
      return result.finally(() => this.#exchange()) as T;
    }
    this.#exchange();
    return result;
  }

  override *trackedEntries(): Iterable<readonly [name: string, value: unknown]> {
    yield* this.#shadows;
  }

  /** The model may make layers later; so may their shadows get a loaded value later. */
  mayMake(path: string): boolean {
    return !this.#shadows.has(path);
  }

  /** Begins shadows for new variables, with the present or the loaded value. */
  #follow(): void {
    let grew = false;
    for (const [path, value] of this.#model.namedVariables()) {
      if (this.#shadows.has(path)) continue;
      this.#shadows.set(path, variable(value, false));
      grew = true;
    }
    if (grew) announceVariables(this);
  }

  #exchange(): void {
    this.#follow();
    tidy(() => {
      for (const [path, value] of this.#model.namedVariables()) {
        const shadow = this.#shadows.get(path)!;
        const own = value.clone();
        value.assign(shadow.clone());
        shadow.assign(own);
      }
    });
  }
}

/**
 * Begins an exponential moving average of `model`; see {@link ExponentialMovingAverage}.
 *
 * @param decay how much of the average stays at each update, 0 .. 1, as 0.999
 */
export function ema(model: Module, decay: number): ExponentialMovingAverage {
  return new ExponentialMovingAverage(model, decay);
}
