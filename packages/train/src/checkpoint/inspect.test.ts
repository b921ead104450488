import { exportCheckpoint, inspectCheckpoint, readSafetensors } from '../index.js';
import type { Checkpoint } from './checkpoint.js';

const value = (...data: number[]) => ({
  dtype: 'float32' as const,
  shape: [data.length],
  data: Float32Array.from(data),
});

const checkpoint: Checkpoint = {
  info: {
    name: '000001-step-2',
    sequence: 1,
    run: 'r',
    step: 2,
    epoch: 0,
    savedAt: '',
    metrics: {},
    pinned: false,
  },
  tensors: {
    weights: new Map([
      ['b/kernel', value(3, 4)],
      ['a/bias', value(Number.NaN, 1)],
    ]),
    optimizer: new Map([['b/kernel/firstMoment', value(0, 0)]]),
  },
  state: {},
};

test('tells of every tensor', () => {
  expect(inspectCheckpoint(checkpoint)).toEqual([
    {
      group: 'weights',
      path: 'a/bias',
      dtype: 'float32',
      shape: [2],
      norm: Number.NaN,
      nonFinite: 1,
    },
    { group: 'weights', path: 'b/kernel', dtype: 'float32', shape: [2], norm: 5, nonFinite: 0 },
    {
      group: 'optimizer',
      path: 'b/kernel/firstMoment',
      dtype: 'float32',
      shape: [2],
      norm: 0,
      nonFinite: 0,
    },
  ]);
});

test('exports under the wanted names', () => {
  const names = (naming?: Parameters<typeof exportCheckpoint>[1]): string[] => [
    ...readSafetensors(exportCheckpoint(checkpoint, naming)).tensors.keys(),
  ];
  expect(names()).toEqual(['a/bias', 'b/kernel']);
  expect(names({ naming: 'dots' })).toEqual(['a.bias', 'b.kernel']);
  expect(names({ naming: (path) => path.toUpperCase() })).toEqual(['A/BIAS', 'B/KERNEL']);
  expect(names({ group: 'optimizer' })).toEqual(['b/kernel/firstMoment']);
  expect(() => names({ naming: () => 'x' })).toThrow('Two tensors would be called "x"');
  expect(() => names({ group: 'average' })).toThrow('has no average. It has: weights, optimizer');
});
