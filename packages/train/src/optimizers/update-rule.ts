import { executingEagerly, hostValue } from '@ae/function';
import * as tf from '@tensorflow/tfjs-core';

/** Variables that take the same step together, and all that the step depends on. */
export interface UpdateGroup {
  readonly values: readonly tf.Tensor[];
  readonly gradients: readonly tf.Tensor[];
  /** For each slot of the rule, in its order, the tensor of each variable. */
  readonly slots: readonly (readonly tf.Tensor[])[];
  // The next three change from step to step. In a compiled step they must be asked for at each run: by
  // `hostValue` of `@ae/function`, or by an attribute that is a getter.
  /** How many updates these variables have had, this one included. */
  readonly step: number;
  readonly learningRate: number;
  /** `learningRate * weightDecay` for each variable, 0 where the mask excludes it. */
  readonly decay: readonly number[];
  /** Which of the variables decay. */
  readonly decays: readonly boolean[];
}

/** New tensors, which the optimizer then owns. */
export interface Updated {
  readonly values: tf.Tensor[];
  readonly slots: tf.Tensor[][];
}

/** What makes an optimizer the one it is: the formula of one step. */
export interface UpdateRule {
  /** Stands in checkpoints: a state is only loaded by a rule of the same name. */
  readonly name: string;
  /** Names of the tensors remembered for each variable; all start at zero. */
  readonly slots: readonly string[];
  update(group: UpdateGroup): Updated;
}

/** The formula of one step for one variable, in plain operations. */
export type PlainUpdate = (
  value: tf.Tensor,
  gradient: tf.Tensor,
  slots: readonly tf.Tensor[],
) => { value: tf.Tensor; slots: tf.Tensor[] };

/** Runs a formula for each variable of a group; the decay is subtracted first. */
export function updateEach(group: UpdateGroup, update: PlainUpdate): Updated {
  const values: tf.Tensor[] = [];
  const slots: tf.Tensor[][] = group.slots.map(() => []);
  for (const [index, value] of group.values.entries()) {
    const own = group.slots.map((slot) => slot[index]!);
    const updated = tf.tidy(() => {
      const decayed = group.decays[index]
        ? tf.sub(
            value,
            tf.mul(
              value,
              hostValue(() => group.decay[index]!),
            ),
          )
        : value;
      return update(decayed, group.gradients[index]!, own);
    });
    values.push(updated.value);
    for (const [slot, tensor] of updated.slots.entries()) slots[slot]!.push(tensor);
  }
  return { values, slots };
}

/**
 * Attributes of a fused kernel: its own, `decay`, which is read at each run if there is any, and leave
 * to write over the old values, which the optimizer replaces by the new ones anyway. (In a trace,
 * which may have to be undone, the program is what finds out where that can be.)
 */
export function fusedAttributes(own: object, group: UpdateGroup): Record<string, unknown> {
  const { decays } = group;
  const decay = decays.includes(true)
    ? { get: () => [...group.decay] }
    : { value: decays.map(() => 0) };
  return Object.defineProperties(own, {
    decay: { ...decay, enumerable: true },
    inPlace: { value: executingEagerly(), enumerable: true },
  }) as Record<string, unknown>;
}

/**
 * Runs a fused kernel that updates all variables at once, when the active
 * backend has it.
 *
 * @returns all values, then the tensors of each slot; or undefined without such a kernel
 */
export function updateFused(
  kernelName: string,
  inputs: Record<string, readonly tf.Tensor[]>,
  attributes: Record<string, unknown>,
  slots: number,
): Updated | undefined {
  if (tf.getKernel(kernelName, tf.getBackend()) == null) return undefined;
  const outputs = tf
    .engine()
    .runKernel<tf.Tensor[]>(
      kernelName,
      inputs as unknown as tf.NamedTensorMap,
      attributes as unknown as tf.NamedAttrMap,
    );
  const size = outputs.length / (slots + 1);
  const part = (index: number): tf.Tensor[] => outputs.slice(index * size, (index + 1) * size);
  return { values: part(0), slots: Array.from({ length: slots }, (_, slot) => part(slot + 1)) };
}
