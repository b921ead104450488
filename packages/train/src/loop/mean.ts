/**
 * A mean over parts of different size, such as batches of which the last is
 * smaller: `Σ weight · value / Σ weight`, in double precision.
 */
export class Mean {
  private sum = 0;
  private weight = 0;

  /** @param weight how many examples `value` is the mean of */
  update(value: number, weight = 1): void {
    this.sum += value * weight;
    this.weight += weight;
  }

  /** The mean so far; NaN before the first value. */
  result(): number {
    return this.sum / this.weight;
  }

  reset(): void {
    this.sum = 0;
    this.weight = 0;
  }

  /** What to save to go on exactly. */
  state(): readonly [sum: number, weight: number] {
    return [this.sum, this.weight];
  }

  load([sum, weight]: readonly [sum: number, weight: number]): void {
    this.sum = sum;
    this.weight = weight;
  }
}

/** A mean for each name that occurs. */
export class Means {
  private readonly means = new Map<string, Mean>();

  update(values: Readonly<Record<string, number>>, weight: number): void {
    for (const [name, value] of Object.entries(values)) {
      let mean = this.means.get(name);
      if (mean === undefined) {
        mean = new Mean();
        this.means.set(name, mean);
      }
      mean.update(value, weight);
    }
  }

  results(): Record<string, number> {
    return Object.fromEntries([...this.means].map(([name, mean]) => [name, mean.result()]));
  }

  reset(): void {
    this.means.clear();
  }

  state(): [string, number, number][] {
    return [...this.means].map(([name, mean]) => [name, ...mean.state()]);
  }

  load(state: readonly (readonly [string, number, number])[]): void {
    this.means.clear();
    for (const [name, sum, weight] of state) {
      const mean = new Mean();
      mean.load([sum, weight]);
      this.means.set(name, mean);
    }
  }
}
