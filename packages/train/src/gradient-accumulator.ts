import * as tf from '@tensorflow/tfjs-core';
import type { Gradients } from './optimizers/clip.js';

/**
 * The mean gradient over several batches, each weighted with its number of
 * examples: what one large batch would have given.
 */
export class GradientAccumulator {
  private readonly sums = new Map<string, tf.Tensor>();
  private weight = 0;

  /** Adds gradients, which stay the caller's. A variable without one counts as having zeros. */
  add(gradients: Gradients, weight = 1): void {
    for (const [path, gradient] of gradients) {
      const before = this.sums.get(path);
      const weighted = tf.tidy(() => {
        const part = tf.mul(gradient, weight);
        return before === undefined ? part : tf.add(before, part);
      });
      before?.dispose();
      this.sums.set(path, tf.keep(weighted));
    }
    this.weight += weight;
  }

  /** The mean, which the caller owns. Begins anew afterwards. */
  take(): Map<string, tf.Tensor> {
    const paths = [...this.sums.keys()].sort();
    const mean = new Map(
      paths.map((path) => [path, tf.div(this.sums.get(path)!, this.weight)] as const),
    );
    this.dispose();
    return mean;
  }

  /** Forgets what was added and frees its tensors. */
  dispose(): void {
    tf.dispose([...this.sums.values()]);
    this.sums.clear();
    this.weight = 0;
  }
}
