import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { floatBits } from '../../backend/task-runner.js';
import { defineKernel } from '../define-kernel.js';
import { checkAlike, runBlocks, targetsFor } from './blocks.js';

interface SgdInputs {
  values: TensorInfo[];
  gradients: TensorInfo[];
  /** Empty without momentum. */
  velocities: TensorInfo[];
}

interface SgdAttributes {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
  /** For each variable, learningRate * weightDecay. */
  decay: number[];
  /** Whether the new values and velocities may go over the old ones, which the caller gives up. */
  inPlace?: boolean;
}

/** One step of gradient descent for all variables; see assembly/optimizer/sgd.ts. */
export const sgdUpdate: KernelConfig = defineKernel<SgdInputs, SgdAttributes>(
  'SgdUpdate',
  ({ inputs, attrs, backend }) => {
    const { values, gradients, velocities } = inputs;
    const hasVelocities = velocities.length > 0;
    checkAlike('SgdUpdate', values, hasVelocities ? { gradients, velocities } : { gradients });
    const { learningRate, momentum, nesterov, decay, inPlace = false } = attrs;
    const targets = targetsFor(backend, [values, velocities], inPlace);
    const tensors = [values, gradients, velocities, ...targets.lists];
    const constants = [floatBits(learningRate), floatBits(momentum), Number(nesterov)];
    runBlocks(backend, 'sgdTask', constants, tensors, decay);
    return targets.outputs();
  },
);
