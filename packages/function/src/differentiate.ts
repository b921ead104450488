import type { Tensor } from '@tensorflow/tfjs-core';
import { tracedEngine } from './engine.js';
import type { GradientTrace } from './trace-gradients.js';

/**
 * Runs a function's forward program, and lets the gradients that are being taken go through its
 * backward program.
 */
export function runWithGradients(
  { forward, backward, inputs }: GradientTrace,
  args: readonly Tensor[],
): unknown {
  let result: unknown;
  let floats: readonly number[] = [];
  const named = inputs.map((input) => (typeof input === 'number' ? args[input]! : input));
  tracedEngine().runKernelFunc({
    inputs: Object.fromEntries(named.map((tensor, i) => [i, tensor])),
    forwardFunc: (_, save) => {
      const [value, outputs, saved] = forward.run(args) as [unknown, Tensor[], Tensor[]];
      result = value;
      floats = outputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []));
      save(saved);
      return outputs;
    },
    backwardsFunc: (dy, saved) => {
      const all = Array.isArray(dy) ? dy : [dy];
      const gradients = backward.run([...floats.map((i) => all[i]!), ...saved]) as Tensor[];
      return Object.fromEntries(gradients.map((gradient, i) => [i, () => gradient]));
    },
  });
  return result;
}
