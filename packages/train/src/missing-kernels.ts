import * as tf from '@tensorflow/tfjs-core';

/** The part of tfjs's tape that is read here. */
interface TapeNode {
  kernelName: string;
  inputs: tf.NamedTensorMap;
  outputs: tf.Tensor[];
  gradient?: (dys: tf.Tensor[]) => Record<string, () => tf.Tensor>;
}

const NOT_REGISTERED = /Kernel '([^']+)' not registered for backend '([^']+)'/;

/** True for the error that tfjs throws when the backend lacks a kernel. */
export function isMissingKernel(error: unknown): error is Error {
  return error instanceof Error && NOT_REGISTERED.test(error.message);
}

/** Thrown when the backend lacks kernels that a step needs; nothing was changed yet. */
export class MissingKernelsError extends Error {
  override readonly name = 'MissingKernelsError';
  constructor(
    /** The names of all kernels found missing, in alphabetical order. */
    readonly kernels: readonly string[],
    /** Which operation's gradient needs each of them. */
    readonly neededBy: ReadonlyMap<string, readonly string[]>,
    readonly backend: string,
  ) {
    const lines = kernels.map((kernel) => {
      const operations = neededBy.get(kernel) ?? [];
      return `  ${kernel}${operations.length > 0 ? ` (for the gradient of ${operations.join(', ')})` : ''}`;
    });
    super(
      `The backend '${backend}' lacks ${kernels.length} kernel(s) that training this model needs:\n` +
        `${lines.join('\n')}\n` +
        "Use a backend that has them, for example `await useWasm()` of '@ae/wasm', or tf.setBackend('cpu').",
    );
  }
}

/**
 * All kernels that are missing for a step, found after its first failure.
 *
 * Each operation on the tape is asked for its gradient by itself, given zeros, so
 * that one missing kernel does not hide the next.
 *
 * @param tape what tfjs recorded of the forward pass
 * @param failure the error that ended the step
 * @param variables whose gradients are wanted
 */
export function missingKernels(
  tape: readonly TapeNode[],
  failure: Error,
  variables: ReadonlyMap<string, tf.Variable>,
): MissingKernelsError {
  const neededBy = new Map<string, Set<string>>();
  const note = (error: unknown, operation?: string): void => {
    const name = error instanceof Error ? NOT_REGISTERED.exec(error.message)?.[1] : undefined;
    if (name === undefined) return;
    const operations = neededBy.get(name) ?? new Set();
    if (operation !== undefined) operations.add(operation);
    neededBy.set(name, operations);
  };
  note(failure);
  const reached = new Set([...variables.values()].map((variable) => variable.id));
  for (const node of tape) {
    const inputs = Object.entries(node.inputs).filter(([, input]) => reached.has(input.id));
    if (inputs.length === 0) continue;
    for (const output of node.outputs) reached.add(output.id);
    for (const [input] of inputs) {
      try {
        tf.tidy(() => {
          const zeros = node.outputs.map((output) => tf.zeros(output.shape));
          node.gradient?.(zeros)[input]?.();
        });
      } catch (error) {
        note(error, node.kernelName);
      }
    }
  }
  return new MissingKernelsError(
    [...neededBy.keys()].sort(),
    new Map([...neededBy].map(([kernel, operations]) => [kernel, [...operations].sort()])),
    tf.getBackend(),
  );
}
