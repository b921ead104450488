import { hostValue } from '@ae/function';
import * as tf from '@tensorflow/tfjs-core';
import { Optimizer, type OptimizerOptions } from './optimizer.js';
import { type Updated, type UpdateGroup, updateEach } from './update-rule.js';

/** Options of {@link rmsProp}. */
export interface RmsPropOptions extends OptimizerOptions {
  /** Decay rate of the mean of squared gradients; 0.9. */
  rho?: number;
  /** How much of the last change is kept; 0. */
  momentum?: number;
  /** Added to the mean of squared gradients; 1e-7, as in Keras. */
  epsilon?: number;
  /** Divides by the estimated variance instead of the uncentred second moment. */
  centered?: boolean;
}

/** RMSProp (Tieleman and Hinton, 2012) in the form of Keras. */
export function rmsProp(options: RmsPropOptions = {}): Optimizer {
  const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options;
  const slots = ['secondMoment'];
  if (centered) slots.push('meanGradient');
  if (momentum > 0) slots.push('velocity');
  const update = (group: UpdateGroup): Updated =>
    updateEach(group, (value, gradient, own) => {
      const before = (slot: string): tf.Tensor => own[slots.indexOf(slot)]!;
      const decayed = (old: tf.Tensor, value: tf.Tensor): tf.Tensor =>
        tf.add(tf.mul(old, rho), tf.mul(value, 1 - rho));
      const secondMoment = decayed(before('secondMoment'), tf.square(gradient));
      const after = [secondMoment];
      let denominator = tf.add(secondMoment, epsilon);
      if (centered) {
        const meanGradient = decayed(before('meanGradient'), gradient);
        after.push(meanGradient);
        denominator = tf.sub(denominator, tf.square(meanGradient));
      }
      let change = tf.div(
        tf.mul(
          gradient,
          hostValue(() => group.learningRate),
        ),
        tf.sqrt(denominator),
      );
      if (momentum > 0) {
        change = tf.add(tf.mul(before('velocity'), momentum), change);
        after.push(change);
      }
      return { value: tf.sub(value, change), slots: after };
    });
  return new Optimizer({ name: 'rmsProp', slots, update }, { learningRate: 1e-3, ...options });
}
