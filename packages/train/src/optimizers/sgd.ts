import { hostValue } from '@ae/function';
import * as tf from '@tensorflow/tfjs-core';
import { Optimizer, type OptimizerOptions } from './optimizer.js';
import { fusedAttributes, updateEach, updateFused } from './update-rule.js';

/** Options of {@link sgd}. */
export interface SgdOptions extends OptimizerOptions {
  /** How much of the last change is kept; 0. */
  momentum?: number;
  /** Looks ahead along the momentum (Nesterov, 1983); needs a momentum. */
  nesterov?: boolean;
}

/** Gradient descent, with momentum if wanted, in the form of Keras. */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, nesterov = false } = options;
  if (nesterov && momentum === 0) throw new RangeError('sgd: nesterov needs a momentum above 0.');
  const rule = {
    name: 'sgd',
    slots: momentum === 0 ? [] : ['velocity'],
    update: (group: Parameters<typeof updateEach>[0]) =>
      updateFused(
        'SgdUpdate',
        { values: group.values, gradients: group.gradients, velocities: group.slots[0] ?? [] },
        fusedAttributes(
          {
            get learningRate() {
              return group.learningRate;
            },
            momentum,
            nesterov,
          },
          group,
        ),
        momentum === 0 ? 0 : 1,
      ) ??
      updateEach(group, (value, gradient, [before]) => {
        const change = tf.mul(
          gradient,
          hostValue(() => -group.learningRate),
        );
        if (before === undefined) return { value: tf.add(value, change), slots: [] };
        const velocity = tf.add(tf.mul(before, momentum), change);
        const move = nesterov ? tf.add(tf.mul(velocity, momentum), change) : velocity;
        return { value: tf.add(value, move), slots: [velocity] };
      }),
  };
  return new Optimizer(rule, { learningRate: 1e-2, ...options });
}
