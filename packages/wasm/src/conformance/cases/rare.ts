import type { Cases } from '../operands.js';
import { complexes, exactly, floats, strings } from '../operands.js';

const int = (values: number[], shape: number[] = [values.length]) =>
  exactly(values, shape, 'int32');

export const rare: Cases = {
  Complex: [{ inputs: { real: floats([2, 3]), imag: floats([2, 3]) } }],
  Real: [{ inputs: { input: complexes([2, 3]) } }],
  Imag: [{ inputs: { input: complexes([2, 3]) } }],
  ComplexAbs: [{ inputs: { x: complexes([2, 3]) } }],
  FFT: [
    [1, 4],
    [2, 8],
    [2, 5],
  ].map((shape) => ({
    inputs: { input: complexes(shape) },
    tolerance: 1e-5,
  })),
  IFFT: [
    [1, 4],
    [2, 8],
    [2, 5],
  ].map((shape) => ({
    inputs: { input: complexes(shape) },
    tolerance: 1e-5,
  })),
  SparseFillEmptyRows: [
    {
      inputs: {
        indices: int([0, 0, 1, 0, 1, 3, 1, 4, 3, 2, 3, 3], [6, 2]),
        values: int([0, 10, 13, 14, 32, 33]),
        denseShape: int([5, 6]),
        defaultValue: int([-1], []),
      },
    },
  ],
  SparseReshape: [
    {
      inputs: {
        inputIndices: int([0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 2, 3], [5, 3]),
        inputShape: int([2, 3, 6]),
        newShape: int([9, -1]),
      },
    },
  ],
  ...Object.fromEntries(
    ['SparseSegmentMean', 'SparseSegmentSum'].map((name) => [
      name,
      [
        {
          inputs: {
            data: floats([3, 4]),
            indices: int([0, 1, 2]),
            segmentIds: int([0, 1, 1]),
          },
        },
      ],
    ]),
  ),
  StringNGrams: [
    {
      inputs: { data: strings([6]), dataSplits: int([0, 3, 6]) },
      attrs: {
        separator: '|',
        nGramWidths: [2, 3],
        leftPad: 'L',
        rightPad: 'R',
        padWidth: 0,
        preserveShortSequences: false,
      },
    },
  ],
  StringSplit: [
    {
      inputs: { input: exactly(['hello world', 'a b c']), delimiter: exactly([' '], []) },
      attrs: { skipEmpty: true },
    },
  ],
  StringToHashBucketFast: [{ inputs: { input: strings([5]) }, attrs: { numBuckets: 7 } }],
  StaticRegexReplace: [
    { inputs: { x: strings([5]) }, attrs: { pattern: 'a', rewrite: 'z', replaceGlobal: true } },
  ],
  RaggedGather: [
    {
      inputs: {
        paramsNestedSplits: [int([0, 3, 3, 7, 9])],
        paramsDenseValues: floats([9]),
        indices: int([2, 1, 0, 3]),
      },
      attrs: { outputRaggedRank: 1 },
    },
  ],
  RaggedRange: [
    { inputs: { starts: int([0, 5, 8]), limits: int([3, 7, 8]), deltas: int([1, 1, 1]) } },
  ],
  RaggedTensorToTensor: [
    {
      inputs: {
        shape: int([4, 4]),
        values: floats([9]),
        defaultValue: exactly([1.5], []),
        rowPartitionTensors: [int([4], []), int([0, 0, 0, 2, 2, 2, 2, 3, 3])],
      },
      attrs: { rowPartitionTypes: ['FIRST_DIM_SIZE', 'VALUE_ROWIDS'] },
    },
  ],
};
