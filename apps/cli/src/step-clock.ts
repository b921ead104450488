import type { Callback } from '@ae/train';

/** Speeds that are shown are those of so many steps before. */
const RECENT = 50;

/** Measures the time from the end of one step to the end of the next. */
export class StepClock implements Callback {
  readonly name = 'step-clock';
  readonly #milliseconds: number[] = [];
  #images = 0;
  #total = 0;
  /** Undefined where something other than a step came in between. */
  #last: number | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  onStepEnd({ examples }: { readonly examples: number }): void {
    const time = this.now();
    if (this.#last !== undefined) {
      const elapsed = time - this.#last;
      this.#milliseconds.push(elapsed);
      this.#total += elapsed;
      this.#images += examples;
    }
    this.#last = time;
  }

  /** Validation lies between the epochs, and is no part of a step. */
  onEpochEnd(): void {
    this.#last = undefined;
  }

  onCheckpoint(): void {
    this.#last = undefined;
  }

  /** The median; NaN before the second step, since the first one sets things up. */
  medianMsPerStep(): number {
    const sorted = this.#milliseconds.slice().sort((a, b) => a - b);
    const middle = sorted.length / 2;
    return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
  }

  /** Of all steps but the first. */
  imagesPerSecond(): number {
    return (1000 * this.#images) / this.#total;
  }

  recentMsPerStep(): number {
    const recent = this.#milliseconds.slice(-RECENT);
    return recent.reduce((sum, milliseconds) => sum + milliseconds, 0) / recent.length;
  }

  recentImagesPerSecond(): number {
    return (1000 * this.#images) / this.#milliseconds.length / this.recentMsPerStep();
  }
}
