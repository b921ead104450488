import type { Case, Cases, Operand } from '../operands.js';
import { bools, edges, exactly, floats, ints } from '../operands.js';

const SHAPES: [number[], number[][]][] = [
  [[], [[]]],
  [[7], [[0], [-1]]],
  [
    [3, 5],
    [[0], [1], [0, 1], []],
  ],
  [
    [2, 3, 4],
    [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]],
  ],
  [
    [2, 3, 4, 5],
    [[0, 2], [1, 3], [0, 1, 2], [3], [-2]],
  ],
  [
    [2, 3, 2, 3, 2],
    [
      [0, 2, 4],
      [1, 3],
      [4, 1],
    ],
  ],
  [
    [2, 1, 2, 3, 1, 2],
    [
      [0, 3, 5],
      [1, 2],
      [2, 4],
    ],
  ],
  [
    [70, 33],
    [[0], [1]],
  ],
  [
    [300, 200],
    [[0], [1], [0, 1]],
  ],
  [[40000], [[0]]],
  [
    [1, 4],
    [[0], [1]],
  ],
  [
    [4, 1],
    [[0], [1]],
  ],
];

type Make = (shape: number[]) => Operand;

function reduction(makes: Make[], name = 'axis'): Case[] {
  return makes.flatMap((make) =>
    SHAPES.flatMap(([shape, axesList]) =>
      axesList.flatMap((axes) =>
        [false, true].map((keepDims) => ({
          inputs: { x: make(shape) },
          attrs: { [name]: axes, keepDims },
          tolerance: 1e-5,
        })),
      ),
    ),
  );
}

const nearOne: Make = (shape) => floats(shape, 0.97, 1.03);
const small: Make = (shape) => ints(shape, 1, 2);
const arg = (shapes: [number[], number[]][]): Case[] =>
  shapes.flatMap(([shape, axes]) =>
    axes.flatMap((axis) =>
      [floats, (s: number[]) => ints(s, 0, 3)].map((make) => ({
        inputs: { x: make(shape) },
        attrs: { axis },
      })),
    ),
  );
const argCases: Case[] = [
  ...arg([
    [[7], [0]],
    [
      [3, 5],
      [0, 1, -1],
    ],
    [
      [2, 3, 4],
      [0, 1, 2],
    ],
    [
      [2, 3, 2, 3, 2],
      [0, 2, 4],
    ],
    [[5, 200], [1]],
  ]),
  { inputs: { x: bools([3, 4]) }, attrs: { axis: 1 } },
  { inputs: { x: exactly([1, NaN, 3, NaN, 2, 5], [2, 3]) }, attrs: { axis: 1 } },
];
const withNaN = (name: string): Case[] => [
  { inputs: { x: edges }, attrs: { [name]: [0], keepDims: false } },
  { inputs: { x: exactly([1, NaN, 3, 4, 5, 6], [2, 3]) }, attrs: { [name]: [1], keepDims: false } },
  { inputs: { x: exactly([1, NaN, 3, 4, 5, 6], [2, 3]) }, attrs: { [name]: [0], keepDims: false } },
  { inputs: { x: exactly([-Infinity, -Infinity]) }, attrs: { [name]: [0], keepDims: false } },
];
const empty = (name: string): Case[] => [
  { inputs: { x: floats([0]) }, attrs: { [name]: [0], keepDims: false } },
  { inputs: { x: floats([2, 0]) }, attrs: { [name]: [1], keepDims: false } },
  { inputs: { x: floats([2, 0]) }, attrs: { [name]: [0], keepDims: true } },
  { inputs: { x: ints([0, 3]) }, attrs: { [name]: [0], keepDims: false } },
];

export const reduce: Cases = {
  Sum: [...reduction([floats, ints, bools]), ...withNaN('axis'), ...empty('axis')],
  Mean: [...reduction([floats, ints, bools]), ...withNaN('axis'), ...empty('axis').slice(2)],
  Prod: [...reduction([nearOne, small]), ...withNaN('axis'), ...empty('axis')],
  Max: [
    ...reduction([floats, ints], 'reductionIndices'),
    ...withNaN('reductionIndices'),
    ...empty('reductionIndices').slice(2, 3),
  ],
  Min: [...reduction([floats, ints]), ...withNaN('axis'), ...empty('axis').slice(2, 3)],
  All: reduction([bools]),
  Any: reduction([bools]),
  ArgMax: argCases,
  ArgMin: argCases,
  Softmax: [[5], [2, 3], [2, 3, 4], [2, 2, 3, 4], [3, 300]].map((shape) => ({
    inputs: { logits: floats(shape, -5, 5) },
    attrs: { dim: shape.length - 1 },
  })),
  Cumsum: cumulative([floats, ints]),
  Cumprod: cumulative([nearOne, small]),
  Bincount: [
    { inputs: { x: ints([9], 0, 5), weights: floats([9]) }, attrs: { size: 4 } },
    { inputs: { x: ints([9], 0, 5), weights: floats([0]) }, attrs: { size: 6 } },
  ],
  DenseBincount: [false, true].flatMap((binaryOutput) => [
    { inputs: { x: ints([9], 0, 5), weights: floats([0]) }, attrs: { size: 6, binaryOutput } },
    {
      inputs: { x: ints([2, 9], 0, 5), weights: floats([2, 9]) },
      attrs: { size: 4, binaryOutput },
    },
  ]),
  UnsortedSegmentSum: [
    { inputs: { x: floats([5]), segmentIds: ints([5], 0, 3) }, attrs: { numSegments: 3 } },
    { inputs: { x: floats([6, 5]), segmentIds: ints([6], -1, 4) }, attrs: { numSegments: 4 } },
    { inputs: { x: floats([6, 5, 3]), segmentIds: ints([6], 0, 9) }, attrs: { numSegments: 5 } },
    { inputs: { x: ints([6, 5]), segmentIds: ints([6], 0, 4) }, attrs: { numSegments: 4 } },
    { inputs: { x: floats([0, 5]), segmentIds: ints([0], 0, 4) }, attrs: { numSegments: 4 } },
  ],
};

function cumulative(makes: Make[]): Case[] {
  return makes.flatMap((make) =>
    (
      [
        [[7], 0],
        [[3, 5], 1],
        [[3, 5], 0],
        [[2, 3, 4], 1],
      ] as [number[], number][]
    ).flatMap(([shape, axis]) =>
      [false, true].flatMap((exclusive) =>
        [false, true].map((reverse) => ({
          inputs: { x: make(shape) },
          attrs: { axis, exclusive, reverse },
        })),
      ),
    ),
  );
}
