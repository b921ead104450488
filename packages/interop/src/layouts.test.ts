import type { TensorValue } from '@ae/module';
import fc from 'fast-check';
import { permute } from './permute.js';
import {
  depthwiseFromPyTorch,
  depthwiseToPyTorch,
  kernelFromPyTorch,
  kernelToPyTorch,
} from './pytorch-layouts.js';
import { recurrentFromPyTorch, recurrentToPyTorch } from './pytorch-recurrent.js';

/** An array whose elements are all different. */
function numbered(shape: readonly number[]): TensorValue {
  const size = shape.reduce((product, length) => product * length, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length: size }, (_, i) => i) };
}

/** The element at an index. */
function at(value: TensorValue, index: readonly number[]): number {
  return value.data[value.shape.reduce((flat, length, axis) => flat * length + index[axis]!, 0)]!;
}

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 });

test('permute puts every element where its index says', () => {
  const cases = shapes.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
    ),
  );
  fc.assert(
    fc.property(cases, ([shape, axes]) => {
      const value = numbered(shape);
      const moved = permute(value, axes);
      expect(moved.shape).toEqual(axes.map((axis) => shape[axis]));
      for (let flat = 0, left = flat; flat < moved.data.length; left = ++flat) {
        const index = new Array<number>(shape.length);
        const from = new Array<number>(shape.length);
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          index[axis] = left % moved.shape[axis]!;
          left = Math.floor(left / moved.shape[axis]!);
          from[axes[axis]!] = index[axis]!;
        }
        expect(at(moved, index)).toBe(at(value, from));
      }
    }),
  );
});

test('kernels, depthwise ones and flattened ones come back as they went', () => {
  const some = (length: number) =>
    fc.array(fc.integer({ min: 1, max: 4 }), { minLength: length, maxLength: length });
  const anyRank = fc.integer({ min: 2, max: 5 }).chain(some);
  fc.assert(
    fc.property(anyRank, (shape) => {
      const value = numbered(shape);
      expect(kernelFromPyTorch(kernelToPyTorch(value))).toEqual(value);
      expect(depthwiseFromPyTorch(depthwiseToPyTorch(value), shape)).toEqual(value);
      const flat = { ...value, shape: [value.data.length / shape.at(-1)!, shape.at(-1)!] };
      const flattened = shape.slice(0, -1);
      expect(kernelFromPyTorch(kernelToPyTorch(flat, flattened), flattened)).toEqual(flat);
    }),
  );
});

test('a convolution: [out, in, height, width] becomes [height, width, in, out]', () => {
  const weight = numbered([5, 4, 3, 2]);
  const kernel = kernelFromPyTorch(weight);
  expect(kernel.shape).toEqual([3, 2, 4, 5]);
  expect(at(kernel, [2, 1, 3, 4])).toBe(at(weight, [4, 3, 2, 1]));
});

test('the gates of a GRU change places, and its biases stay apart', () => {
  const theirs = {
    weight_ih: numbered([6, 3]),
    weight_hh: numbered([6, 2]),
    bias_ih: numbered([6]),
    bias_hh: numbered([6]),
  };
  const ours = recurrentFromPyTorch(theirs, [2, 6]);
  expect(Array.from(ours.bias!.data)).toEqual([2, 3, 0, 1, 4, 5, 2, 3, 0, 1, 4, 5]);
  expect(recurrentToPyTorch(ours)).toEqual(theirs);
  expect(() => recurrentFromPyTorch(theirs, [6])).toThrow('reset_after: true');
});
