import { hostValue } from '@ae/function';
import * as tf from '@tensorflow/tfjs-core';
import { Optimizer, type OptimizerOptions } from './optimizer.js';
import { updateEach } from './update-rule.js';

/** Options of {@link lion}. */
export interface LionOptions extends OptimizerOptions {
  /** Weight of the mean in the direction taken; 0.9. */
  beta1?: number;
  /** Decay rate of the mean of gradients; 0.99. */
  beta2?: number;
}

/**
 * Lion (Chen et al., 2023): steps of equal size in the direction of a sign. Wants
 * a learning rate three to ten times smaller than Adam's.
 */
export function lion(options: LionOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.99 } = options;
  const rule = {
    name: 'lion',
    slots: ['firstMoment'],
    update: (group: Parameters<typeof updateEach>[0]) =>
      updateEach(group, (value, gradient, [before]) => {
        const direction = tf.sign(tf.add(tf.mul(before!, beta1), tf.mul(gradient, 1 - beta1)));
        const firstMoment = tf.add(tf.mul(before!, beta2), tf.mul(gradient, 1 - beta2));
        return {
          value: tf.sub(
            value,
            tf.mul(
              direction,
              hostValue(() => group.learningRate),
            ),
          ),
          slots: [firstMoment],
        };
      }),
  };
  return new Optimizer(rule, { learningRate: 1e-4, ...options });
}
