import * as tf from '@tensorflow/tfjs-core';
import { isMissingKernel, missingKernels } from './missing-kernels.js';
import { trainableVariablesOf, type VariableSource } from './variables.js';

/** What a loss function returns: the scalar to minimise, alone or among other outputs. */
export type LossResult = tf.Tensor | ({ loss: tf.Tensor } & Record<string, tf.Tensor>);

/** The outputs of a loss function beside the loss. */
export type AuxiliaryOf<Result> = Result extends tf.Tensor
  ? Record<never, never>
  : Omit<Result, 'loss'>;

/** The caller owns every tensor in it; `dispose` frees them all. */
export interface ValueAndGradients<Auxiliary> {
  /** The loss, a scalar. */
  readonly value: tf.Scalar;
  /** The gradient for each trainable variable that the loss depends on, by path, in the order of paths. */
  readonly gradients: Map<string, tf.Tensor>;
  /** What the loss function returned beside `loss`. */
  readonly auxiliary: Auxiliary;
  dispose(): void;
}

/**
 * The value of a loss and its gradient for every trainable variable by path:
 * TensorFlow's `GradientTape`.
 *
 * ```ts
 * const { value, gradients } = valueAndGradients(() => meanSquaredError(image, model.decode(code)), model);
 * ```
 *
 * Variables that `compute` creates on the way (lazily built layers) are
 * included. Frozen variables and those the loss does not depend on are left out.
 *
 * @param compute gives a scalar, or an object with a scalar `loss` and other tensors
 * @param source a module, a list of variables, or variables by path
 * @throws Error when the loss is no scalar, depends on no variable, or no gradients are registered
 */
export function valueAndGradients<Result extends LossResult>(
  compute: () => Result,
  source: VariableSource,
): ValueAndGradients<AuxiliaryOf<Result>> {
  assertGradientsRegistered();
  const auxiliary = new Map<string, tf.Tensor>();
  let paths: string[] = [];
  let loss: tf.Scalar | undefined;
  // tfjs looks at this list only after `forward` has run, so variables that are
  // created on the way can still join it. It refuses an empty list at the start.
  const placeholder = tf.scalar(0);
  const variables: tf.Tensor[] = [placeholder];
  const forward = (): tf.Scalar => {
    const result = compute();
    const { loss: given, ...others } = isTensor(result) ? { loss: result } : result;
    assertScalar(given);
    // Clones, because the originals may belong to somebody else: variables, the batch.
    for (const [name, tensor] of Object.entries(others)) {
      auxiliary.set(name, tf.keep(tensor.clone()));
    }
    loss = given.clone();
    const trainable = trainableVariablesOf(source);
    paths = [...trainable.keys()];
    variables.splice(0, 1, ...trainable.values());
    return loss;
  };
  try {
    const { value, grads } = tf.engine().gradients(forward, variables, undefined, true);
    const gradients = byPath(paths, grads);
    if (gradients.size === 0) throw new Error(noGradient(paths));
    return {
      value,
      gradients,
      auxiliary: Object.fromEntries(auxiliary) as AuxiliaryOf<Result>,
      dispose: () => tf.dispose([value, ...gradients.values(), ...auxiliary.values()]),
    };
  } catch (error) {
    const tape = tf.engine().state.activeTape ?? [];
    const explained = isMissingKernel(error)
      ? missingKernels(tape, error, trainableVariablesOf(source))
      : error;
    // tfjs keeps what the backward pass needs, and forgets it when the pass throws.
    if (tf.engine().state.gradientDepth === 0) tf.dispose(tape.map((node) => node.saved ?? []));
    tf.dispose([...auxiliary.values()]);
    loss?.dispose();
    throw explained;
  } finally {
    placeholder.dispose();
  }
}

/** Those that there are. */
function byPath(
  paths: readonly string[],
  gradients: readonly (tf.Tensor | null | undefined)[],
): Map<string, tf.Tensor> {
  const found = new Map<string, tf.Tensor>();
  for (const [index, path] of paths.entries()) {
    const gradient = gradients[index];
    if (gradient != null) found.set(path, gradient);
  }
  return found;
}

function isTensor(value: LossResult): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

function assertScalar(loss: tf.Tensor): asserts loss is tf.Scalar {
  if (!(loss instanceof tf.Tensor)) {
    throw new TypeError('The loss function must return a scalar tensor, or an object with `loss`.');
  }
  if (loss.rank === 0) return;
  throw new TypeError(
    `The loss must be a scalar, not a tensor of shape [${loss.shape}]. ` +
      'Reduce it, for example with `loss.mean()`.',
  );
}

function assertGradientsRegistered(): void {
  if (tf.getGradient(tf.BatchMatMul) != null) return;
  throw new Error(
    'tfjs-core has no gradients registered, so nothing can be trained. ' +
      "Import '@tensorflow/tfjs-layers' (or '@tensorflow/tfjs') once at the start: it registers them. " +
      'If you do, two copies of tfjs-core are installed: look with `npm ls @tensorflow/tfjs-core`.',
  );
}

function noGradient(paths: readonly string[]): string {
  return (
    `The loss depends on none of the ${paths.length} trainable variables (${paths.slice(0, 5).join(', ')}` +
    `${paths.length > 5 ? ', ...' : ''}). Compute it from the model's output with tfjs operations; ` +
    'values that were read with dataSync() or data() carry no gradient.'
  );
}
