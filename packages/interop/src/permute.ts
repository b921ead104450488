import type { TensorValue } from '@ae/module';

/** A copy with the axes in another order: axis `i` of the result is `axes[i]` of `value`. */
export function permute(value: TensorValue, axes: readonly number[]): TensorValue {
  const shape = axes.map((axis) => value.shape[axis]!);
  const strides = stridesOf(value.shape);
  const steps = axes.map((axis) => strides[axis]!);
  const data = value.data.slice();
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = value.data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      index[axis] = index[axis]! + 1;
      if (index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return { dtype: value.dtype, shape, data };
}

/** The same values under another shape. */
export function reshape(value: TensorValue, shape: readonly number[]): TensorValue {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== value.data.length) {
    throw new Error(`Cannot see [${value.shape}] as [${shape}]: the number of values differs.`);
  }
  return { dtype: value.dtype, shape: [...shape], data: value.data };
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  }
  return strides;
}
