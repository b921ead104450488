import type { TensorValue } from '@ae/module';
import { permute, reshape } from './permute.js';

/** The shape `[height, width, channels]` (or fewer, or more axes) that a dense layer's input had. */
export type FlattenedShape = readonly number[];

/** `[out, in, ...space]` (transposed convolutions: `[in, out, ...space]`) -> `[...space, ., .]`. */
export function kernelFromPyTorch(weight: TensorValue, flattened?: FlattenedShape): TensorValue {
  if (flattened !== undefined) return flattenedFromPyTorch(weight, flattened);
  const rank = weight.shape.length;
  const space = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  return permute(weight, [...space, 1, 0]);
}

/** The inverse of {@link kernelFromPyTorch}. */
export function kernelToPyTorch(kernel: TensorValue, flattened?: FlattenedShape): TensorValue {
  if (flattened !== undefined) return flattenedToPyTorch(kernel, flattened);
  const rank = kernel.shape.length;
  const space = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return permute(kernel, [rank - 1, rank - 2, ...space]);
}

/** `[out, channels * height * width]` -> `[height * width * channels, out]`. */
function flattenedFromPyTorch(weight: TensorValue, shape: FlattenedShape): TensorValue {
  const [out = 0, size = 0] = weight.shape;
  const space = shape.slice(0, -1);
  const seen = reshape(weight, [out, shape.at(-1) ?? 1, ...space]);
  return reshape(kernelFromPyTorch(seen), [size, out]);
}

/** `[height * width * channels, out]` -> `[out, channels * height * width]`. */
function flattenedToPyTorch(kernel: TensorValue, shape: FlattenedShape): TensorValue {
  const [size = 0, out = 0] = kernel.shape;
  return reshape(kernelToPyTorch(reshape(kernel, [...shape, out])), [out, size]);
}

/** `[in * multiplier, 1, ...space]` -> `[...space, in, multiplier]`. */
export function depthwiseFromPyTorch(weight: TensorValue, shape: readonly number[]): TensorValue {
  const [channels = 0, multiplier = 0] = shape.slice(-2);
  const space = weight.shape.slice(2);
  const seen = reshape(weight, [channels, multiplier, ...space]);
  return permute(seen, [...space.map((_, axis) => axis + 2), 0, 1]);
}

/** The inverse of {@link depthwiseFromPyTorch}. */
export function depthwiseToPyTorch(kernel: TensorValue): TensorValue {
  const rank = kernel.shape.length;
  const space = kernel.shape.slice(0, -2);
  const moved = permute(kernel, [rank - 2, rank - 1, ...space.map((_, axis) => axis)]);
  const [channels = 0, multiplier = 0] = moved.shape;
  return reshape(moved, [channels * multiplier, 1, ...space]);
}
