import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { floatBits } from '../../backend/task-runner.js';
import { defineKernel } from '../define-kernel.js';
import { checkAlike, runBlocks, targetsFor } from './blocks.js';

interface AdamInputs {
  values: TensorInfo[];
  gradients: TensorInfo[];
  firstMoments: TensorInfo[];
  secondMoments: TensorInfo[];
}

interface AdamAttributes {
  /** learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) */
  stepSize: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** For each variable, learningRate * weightDecay. */
  decay: number[];
  /** Whether the new values and moments may go over the old ones, which the caller gives up. */
  inPlace?: boolean;
}

/** One step of Adam or AdamW for all variables; see assembly/optimizer/adam.ts. */
export const adamUpdate: KernelConfig = defineKernel<AdamInputs, AdamAttributes>(
  'AdamUpdate',
  ({ inputs, attrs, backend }) => {
    const { values, gradients, firstMoments, secondMoments } = inputs;
    checkAlike('AdamUpdate', values, { gradients, firstMoments, secondMoments });
    const { stepSize, beta1, beta2, epsilon, decay, inPlace = false } = attrs;
    const targets = targetsFor(backend, [values, firstMoments, secondMoments], inPlace);
    const tensors = [values, gradients, firstMoments, secondMoments, ...targets.lists];
    const constants = [stepSize, beta1, beta2, epsilon, 1 - beta1, 1 - beta2].map(floatBits);
    runBlocks(backend, 'adamTask', constants, tensors, decay);
    return targets.outputs();
  },
);
