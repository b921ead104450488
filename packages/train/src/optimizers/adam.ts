import { hostValue } from '@ae/function';
import * as tf from '@tensorflow/tfjs-core';
import { Optimizer, type OptimizerOptions } from './optimizer.js';
import {
  fusedAttributes,
  type UpdateGroup,
  type UpdateRule,
  updateEach,
  updateFused,
} from './update-rule.js';

/** Options of {@link adam} and {@link adamW}. */
export interface AdamOptions extends OptimizerOptions {
  /** Decay rate of the mean of gradients; 0.9. */
  beta1?: number;
  /** Decay rate of the mean of squared gradients; 0.999. */
  beta2?: number;
  /** Added to the square root in the denominator; 1e-7, as in Keras. */
  epsilon?: number;
}

/**
 * Adam (Kingma and Ba, 2015) in the form of Keras and of the paper's section 2:
 * the bias correction is part of the step size.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return new Optimizer(adamRule('adam', options), { learningRate: 1e-3, ...options });
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019): before each
 * step every decayed variable loses `learningRate * weightDecay` of itself.
 */
export function adamW(options: AdamOptions = {}): Optimizer {
  const defaults = { learningRate: 1e-3, weightDecay: 4e-3 };
  return new Optimizer(adamRule('adamW', options), { ...defaults, ...options });
}

function adamRule(name: string, options: AdamOptions): UpdateRule {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
  return {
    name,
    slots: ['firstMoment', 'secondMoment'],
    update(group) {
      const stepSize = (): number =>
        (group.learningRate * Math.sqrt(1 - beta2 ** group.step)) / (1 - beta1 ** group.step);
      const attributes = {
        get stepSize() {
          return stepSize();
        },
        beta1,
        beta2,
        epsilon,
      };
      return (
        updateFused('AdamUpdate', inputsOf(group), fusedAttributes(attributes, group), 2) ??
        updateEach(group, (value, gradient, [first, second]) => {
          const firstMoment = tf.add(tf.mul(first!, beta1), tf.mul(gradient, 1 - beta1));
          const secondMoment = tf.add(
            tf.mul(second!, beta2),
            tf.mul(tf.square(gradient), 1 - beta2),
          );
          const change = tf.div(
            tf.mul(firstMoment, hostValue(stepSize)),
            tf.add(tf.sqrt(secondMoment), epsilon),
          );
          return { value: tf.sub(value, change), slots: [firstMoment, secondMoment] };
        })
      );
    },
  };
}

function inputsOf(group: UpdateGroup): Record<string, readonly tf.Tensor[]> {
  const [firstMoments, secondMoments] = group.slots;
  return {
    values: group.values,
    gradients: group.gradients,
    firstMoments: firstMoments!,
    secondMoments: secondMoments!,
  };
}
