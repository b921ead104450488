import type { Case, Cases, Operand } from '../operands.js';
import { bools, complexes, exactly, floats, ints, strings } from '../operands.js';

type Make = (shape: number[]) => Operand;
const KINDS: Make[] = [floats, ints, bools];

const each = (makes: Make[], make: (kind: Make) => Case[]): Case[] => makes.flatMap(make);

function permutations(list: number[]): number[][] {
  if (list.length < 2) return [list];
  return list.flatMap((first, i) =>
    permutations(list.filter((_, j) => j !== i)).map((rest) => [first, ...rest]),
  );
}

const spatial = (shape: number[], blockShape: number[], crops: number[][]): Case[] => [
  { inputs: { x: floats(shape) }, attrs: { blockShape, crops, paddings: crops } },
];

const stridedSlice = (
  shape: number[],
  begin: number[],
  end: number[],
  strides: number[],
  masks: object = {},
): Case => ({
  inputs: { x: floats(shape) },
  attrs: {
    begin,
    end,
    strides,
    beginMask: 0,
    endMask: 0,
    ellipsisMask: 0,
    newAxisMask: 0,
    shrinkAxisMask: 0,
    ...masks,
  },
});

export const shape: Cases = {
  Identity: [...KINDS, strings, complexes].map((make) => ({ inputs: { x: make([2, 3]) } })),
  Reshape: [...KINDS, strings, complexes].flatMap((make) =>
    [[6], [3, 2], [-1, 2], [1, 6, 1]].map((target) => ({
      inputs: { x: make([2, 3]) },
      attrs: { shape: target },
    })),
  ),
  ExpandDims: [0, 1, 2, -1, -3].map((dim) => ({
    inputs: { input: floats([2, 3]) },
    attrs: { dim },
  })),
  Transpose: [
    ...each([...KINDS, strings], (make) =>
      permutations([0, 1, 2]).map((perm) => ({ inputs: { x: make([3, 4, 5]) }, attrs: { perm } })),
    ),
    ...permutations([0, 1, 2, 3]).map((perm) => ({
      inputs: { x: floats([2, 5, 4, 7]) },
      attrs: { perm },
    })),
    { inputs: { x: floats([2, 1, 3, 2, 1, 4]) }, attrs: { perm: [5, 3, 1, 4, 2, 0] } },
    { inputs: { x: floats([2, 3, 2, 3, 4]) }, attrs: { perm: [4, 2, 0, 3, 1] } },
    { inputs: { x: floats([130, 190]) }, attrs: { perm: [1, 0] } },
    { inputs: { x: floats([0, 4]) }, attrs: { perm: [1, 0] } },
  ],
  Slice: [
    ...each([...KINDS, strings], (make) => [
      { inputs: { x: make([7]) }, attrs: { begin: [2], size: [3] } },
      { inputs: { x: make([4, 5]) }, attrs: { begin: [1, 2], size: [2, -1] } },
      { inputs: { x: make([4, 5]) }, attrs: { begin: [1, 0], size: [2, 5] } },
      { inputs: { x: make([3, 4, 5]) }, attrs: { begin: [1, 1, 1], size: [2, 2, 3] } },
      { inputs: { x: make([2, 3, 4, 5]) }, attrs: { begin: [0, 1, 0, 2], size: [2, 2, 4, 3] } },
    ]),
    {
      inputs: { x: floats([2, 2, 3, 2, 3]) },
      attrs: { begin: [0, 1, 1, 0, 1], size: [2, 1, 2, 2, 2] },
    },
    { inputs: { x: floats([4, 5]) }, attrs: { begin: [1, 2], size: [0, 3] } },
    { inputs: { x: floats([4, 5]) }, attrs: { begin: 1, size: 2 } },
  ],
  StridedSlice: [
    stridedSlice([8], [1], [7], [2]),
    stridedSlice([8], [7], [1], [-2]),
    stridedSlice([4, 5], [0, 1], [4, 5], [2, 3]),
    stridedSlice([4, 5, 6], [0, 4, 1], [4, 0, 6], [1, -1, 2]),
    stridedSlice([4, 5], [1, 0], [3, 5], [1, 1]),
    stridedSlice([4, 5], [1, 1], [3, 5], [1, 1], { shrinkAxisMask: 1 }),
    stridedSlice([4, 5], [1, 1], [3, 5], [1, 1], { beginMask: 1, endMask: 2 }),
    stridedSlice([4, 5], [0, 1, 1], [4, 3, 5], [1, 1, 1], { newAxisMask: 1 }),
    stridedSlice([4, 5, 6], [0, 1], [2, 3], [1, 1], { ellipsisMask: 1 }),
    stridedSlice([4, 5], [0, 0], [4, 5], [1, 1]),
    stridedSlice([4, 5], [3, 0], [3, 5], [1, 1]),
  ],
  Concat: [
    ...each([...KINDS, strings, complexes], (make) => [
      { inputs: [make([2, 3]), make([1, 3])], attrs: { axis: 0 } },
      { inputs: [make([2, 3]), make([2, 1]), make([2, 2])], attrs: { axis: 1 } },
      { inputs: [make([2, 3])], attrs: { axis: 1 } },
    ]),
    { inputs: [floats([2, 3, 4]), floats([2, 1, 4])], attrs: { axis: 1 } },
    { inputs: [floats([2, 3, 4]), floats([2, 3, 1])], attrs: { axis: -1 } },
    { inputs: [floats([2, 0]), floats([2, 3])], attrs: { axis: 1 } },
    { inputs: [floats([0, 3]), floats([0, 3])], attrs: { axis: 0 } },
  ],
  Pack: each([...KINDS, strings], (make) =>
    [0, 1, 2].flatMap((axis) => [
      { inputs: [make([2, 3]), make([2, 3])], attrs: { axis } },
      { inputs: [make([2, 3])], attrs: { axis } },
    ]),
  ),
  Unpack: each([...KINDS, strings], (make) =>
    [0, 1, 2, -1].map((axis) => ({ inputs: { value: make([2, 3, 4]) }, attrs: { axis } })),
  ),
  SplitV: each([...KINDS, strings], (make) => [
    { inputs: { x: make([4, 6]) }, attrs: { numOrSizeSplits: [2, 3, 1], axis: 1 } },
    { inputs: { x: make([4, 6]) }, attrs: { numOrSizeSplits: 2, axis: 0 } },
    { inputs: { x: make([4, 6]) }, attrs: { numOrSizeSplits: [2, -1], axis: -1 } },
  ]),
  PadV2: each(KINDS, (make) => [
    { inputs: { x: make([3]) }, attrs: { paddings: [[1, 2]], constantValue: 0 } },
    {
      inputs: { x: make([2, 3]) },
      attrs: {
        paddings: [
          [1, 0],
          [0, 2],
        ],
        constantValue: 1,
      },
    },
    {
      inputs: { x: make([2, 3, 2, 2]) },
      attrs: {
        paddings: [
          [0, 0],
          [1, 1],
          [2, 0],
          [0, 0],
        ],
        constantValue: 0,
      },
    },
    {
      inputs: { x: make([2, 3]) },
      attrs: {
        paddings: [
          [0, 0],
          [0, 0],
        ],
        constantValue: 1,
      },
    },
    {
      inputs: { x: make([0, 3]) },
      attrs: {
        paddings: [
          [1, 0],
          [0, 2],
        ],
        constantValue: 1,
      },
    },
  ]),
  MirrorPad: ['reflect', 'symmetric'].flatMap((mode) =>
    KINDS.map((make) => ({
      inputs: { x: make([3, 4]) },
      attrs: {
        paddings: [
          [2, 1],
          [0, 2],
        ],
        mode,
      },
    })),
  ),
  Tile: each([...KINDS, strings], (make) => [
    { inputs: { x: make([3]) }, attrs: { reps: [2] } },
    { inputs: { x: make([2, 3]) }, attrs: { reps: [2, 3] } },
    { inputs: { x: make([2, 1, 3]) }, attrs: { reps: [1, 4, 2] } },
    { inputs: { x: make([2, 3]) }, attrs: { reps: [1, 1] } },
  ]),
  BroadcastArgs: [
    {
      inputs: { s0: exactly([2, 1, 3], [3], 'int32'), s1: exactly([4, 1], [2], 'int32') },
    },
  ],
  Reverse: each([...KINDS, strings], (make) => [
    { inputs: { x: make([5]) }, attrs: { dims: [0] } },
    { inputs: { x: make([2, 3, 4]) }, attrs: { dims: [0, 2] } },
    { inputs: { x: make([2, 3, 4]) }, attrs: { dims: [-2] } },
    { inputs: { x: make([2, 3]) }, attrs: { dims: [] } },
  ]),
  GatherV2: [
    ...each([...KINDS, strings], (make) => [
      {
        inputs: { x: make([5, 3]), indices: ints([4], 0, 5) },
        attrs: { axis: 0, batchDims: 0 },
      },
      {
        inputs: { x: make([3, 5]), indices: ints([2, 2], 0, 5) },
        attrs: { axis: 1, batchDims: 0 },
      },
      {
        inputs: { x: make([2, 4, 3, 2]), indices: ints([2, 3], 0, 4) },
        attrs: { axis: 1, batchDims: 1 },
      },
      {
        inputs: { x: make([2, 3, 4, 2]), indices: ints([2, 3], 0, 4) },
        attrs: { axis: 2, batchDims: 1 },
      },
    ]),
    { inputs: { x: floats([5]), indices: ints([], 0, 5) }, attrs: { axis: 0, batchDims: 0 } },
    { inputs: { x: floats([5]), indices: ints([0], 0, 5) }, attrs: { axis: 0, batchDims: 0 } },
  ],
  GatherNd: [
    { inputs: { params: floats([3, 4]), indices: exactly([0, 1, 2, 3], [2, 2], 'int32') } },
    { inputs: { params: floats([3, 4]), indices: exactly([2, 0], [2, 1], 'int32') } },
    { inputs: { params: ints([3, 4]), indices: exactly([2, 0], [2, 1], 'int32') } },
  ],
  ScatterNd: [floats, ints].flatMap((make) => [
    {
      inputs: { indices: exactly([4, 1, 4], [3, 1], 'int32'), updates: make([3]) },
      attrs: { shape: [6] },
    },
    {
      inputs: { indices: exactly([0, 2], [2, 1], 'int32'), updates: make([2, 3]) },
      attrs: { shape: [4, 3] },
    },
  ]),
  TensorScatterUpdate: [
    {
      inputs: {
        tensor: floats([6]),
        indices: exactly([4, 1], [2, 1], 'int32'),
        updates: floats([2]),
      },
      attrs: {},
    },
  ],
  SparseToDense: [
    {
      inputs: {
        sparseIndices: exactly([0, 3], [2], 'int32'),
        sparseValues: floats([2]),
        defaultValue: exactly([7], []),
      },
      attrs: { outputShape: [5] },
    },
    {
      inputs: {
        sparseIndices: exactly([0, 1, 1, 2], [2, 2], 'int32'),
        sparseValues: ints([2]),
        defaultValue: exactly([0], [], 'int32'),
      },
      attrs: { outputShape: [3, 3] },
    },
  ],
  SpaceToBatchND: [
    ...spatial(
      [1, 4, 4, 1],
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
    ...spatial(
      [2, 3, 5, 3],
      [2, 3],
      [
        [1, 0],
        [0, 1],
      ],
    ),
  ],
  BatchToSpaceND: [
    ...spatial(
      [4, 2, 2, 1],
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
    ...spatial(
      [12, 2, 3, 2],
      [2, 3],
      [
        [1, 0],
        [0, 2],
      ],
    ),
  ],
  DepthToSpace: [
    { inputs: { x: floats([2, 3, 2, 8]) }, attrs: { blockSize: 2, dataFormat: 'NHWC' } },
  ],
  Fill: [
    { inputs: {}, attrs: { shape: [2, 3], value: 2.5, dtype: 'float32' } },
    { inputs: {}, attrs: { shape: [2, 3], value: 2, dtype: 'int32' } },
    { inputs: {}, attrs: { shape: [5], value: 1, dtype: 'bool' } },
    { inputs: {}, attrs: { shape: [5], value: 'a', dtype: 'string' } },
    { inputs: {}, attrs: { shape: [], value: 3 } },
    { inputs: {}, attrs: { shape: [0], value: 3 } },
  ],
  OnesLike: KINDS.map((make) => ({ inputs: { x: make([2, 3]) } })),
  ZerosLike: [...KINDS, complexes].map((make) => ({ inputs: { x: make([2, 3]) } })),
  OneHot: [
    {
      inputs: { indices: ints([5], -1, 4) },
      attrs: { depth: 4, onValue: 1, offValue: 0, dtype: 'float32' },
    },
    {
      inputs: { indices: ints([2, 3], 0, 4) },
      attrs: { depth: 4, onValue: 5, offValue: -1, dtype: 'int32' },
    },
  ],
  Range: [
    { inputs: {}, attrs: { start: 0, stop: 7, step: 2, dtype: 'float32' } },
    { inputs: {}, attrs: { start: 5, stop: -1, step: -1.5, dtype: 'float32' } },
    { inputs: {}, attrs: { start: 0, stop: 5, step: 1, dtype: 'int32' } },
    { inputs: {}, attrs: { start: 3, stop: 3, step: 1, dtype: 'float32' } },
  ],
  LinSpace: [{ inputs: {}, attrs: { start: -1, stop: 2, num: 7 } }],
  Diag: [floats, ints].flatMap((make) => [
    { inputs: { x: make([3]) } },
    { inputs: { x: make([2, 2]) } },
  ]),
  Unique: [
    { inputs: { x: ints([9], 0, 4) }, attrs: { axis: 0 } },
    { inputs: { x: ints([6, 2], 0, 2) }, attrs: { axis: 0 } },
    { inputs: { x: strings([9]) }, attrs: { axis: 0 } },
  ],
  TopK: [
    { inputs: { x: floats([7]) }, attrs: { k: 3, sorted: true } },
    { inputs: { x: floats([2, 7]) }, attrs: { k: 7, sorted: true } },
    { inputs: { x: ints([2, 7], 0, 99) }, attrs: { k: 1, sorted: false } },
  ],
  SearchSorted: (['left', 'right'] as const).map((side) => ({
    inputs: {
      sortedSequence: exactly([0, 1, 2, 2, 5, -1, 0, 0, 3, 4], [2, 5]),
      values: floats([2, 4], -2, 6),
    },
    attrs: { side },
  })),
  Multinomial: [
    {
      inputs: { logits: floats([2, 5]) },
      attrs: { numSamples: 6, seed: 3, normalized: false },
    },
  ],
};
