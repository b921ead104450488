import type { DataType } from '@tensorflow/tfjs-core';
import { Tensor } from '@tensorflow/tfjs-core';

/** What one argument must be. */
export interface TensorSpec {
  /** `null` is a dimension of any size. */
  readonly shape: readonly (number | null)[];
  /** `'float32'` when it is not given. */
  readonly dtype?: DataType;
}

/**
 * @throws TypeError naming the argument, what it is and what it should be
 */
export function checkInputSignature(
  functionName: string,
  specs: readonly TensorSpec[],
  args: readonly unknown[],
): void {
  if (args.length !== specs.length) {
    throw new TypeError(
      `'${functionName}' takes ${specs.length} arguments by its inputSignature, not ${args.length}.`,
    );
  }
  specs.forEach((spec, index) => {
    const arg = args[index];
    const dtype = spec.dtype ?? 'float32';
    const expected = `${dtype}[${spec.shape.map((size) => size ?? 'any')}]`;
    if (!(arg instanceof Tensor)) {
      throw new TypeError(
        `Argument ${index} of '${functionName}' must be a tensor ${expected} by its inputSignature.`,
      );
    }
    const fits =
      arg.dtype === dtype &&
      arg.rank === spec.shape.length &&
      spec.shape.every((size, axis) => size === null || size === arg.shape[axis]);
    if (!fits) {
      throw new TypeError(
        `Argument ${index} of '${functionName}' is ${arg.dtype}[${arg.shape}], but its inputSignature ` +
          `says ${expected}. Convert or reshape the argument, or widen the signature with null.`,
      );
    }
  });
}
