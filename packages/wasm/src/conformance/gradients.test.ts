import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers the gradients of all kernels.
import '@tensorflow/tfjs-layers';
import { useWasm } from '../../dist/index.js';
import type { Operand } from './operands.js';
import { exactly, floats, ints, toTensor } from './operands.js';

type T = tf.Tensor;
interface Differentiable {
  inputs: Operand[];
  compute: (...inputs: never[]) => T;
  /** Compared with finite differences, where the CPU backend's gradient is known to be wrong. */
  numeric?: true;
}

const one = (compute: (x: T) => T, x: Operand = floats([2, 3, 5])): Differentiable => ({
  inputs: [x],
  compute: compute as Differentiable['compute'],
});
const two = (compute: (a: T, b: T) => T, a: Operand, b: Operand): Differentiable => ({
  inputs: [a, b],
  compute: compute as Differentiable['compute'],
});
const between = (low: number, high: number): Operand => floats([2, 3, 5], low, high);
const broadcast = (compute: (a: T, b: T) => T): Differentiable[] => [
  two(compute, floats([4, 3], 0.3, 2), floats([4, 3], 0.3, 2)),
  two(compute, floats([4, 3], 0.3, 2), floats([3], 0.3, 2)),
  two(compute, floats([4, 1], 0.3, 2), floats([2, 1, 3], 0.3, 2)),
  two(compute, floats([], 0.3, 2), floats([5], 0.3, 2)),
];
const image = floats([2, 6, 6, 3]);
const indices = ints([4], 0, 5);
const as4d = (x: T) => x as tf.Tensor4D;
const as5d = (x: T) => x as tf.Tensor5D;

const functions: Record<string, Differentiable[]> = {
  abs: [one(tf.abs)],
  acos: [one(tf.acos, between(-0.9, 0.9))],
  acosh: [one(tf.acosh, between(1.2, 4))],
  asin: [one(tf.asin, between(-0.9, 0.9))],
  asinh: [one(tf.asinh)],
  atan: [one(tf.atan)],
  atanh: [one(tf.atanh, between(-0.9, 0.9))],
  ceil: [one(tf.ceil)],
  clipByValue: [one((x) => tf.clipByValue(x, -1, 1))],
  cos: [one(tf.cos)],
  cosh: [one(tf.cosh)],
  elu: [one(tf.elu)],
  erf: [one(tf.erf)],
  exp: [one(tf.exp)],
  expm1: [one(tf.expm1)],
  floor: [one(tf.floor)],
  leakyRelu: [one((x) => tf.leakyRelu(x, 0.1))],
  log: [one(tf.log, between(0.2, 4))],
  log1p: [one(tf.log1p, between(-0.5, 4))],
  logSigmoid: [one(tf.logSigmoid)],
  neg: [one(tf.neg)],
  reciprocal: [one(tf.reciprocal, between(0.3, 3))],
  relu: [one(tf.relu)],
  relu6: [one(tf.relu6, between(-9, 9))],
  round: [one(tf.round)],
  rsqrt: [one(tf.rsqrt, between(0.3, 3))],
  selu: [one(tf.selu)],
  sigmoid: [one(tf.sigmoid)],
  sign: [one(tf.sign)],
  sin: [one(tf.sin)],
  sinh: [one(tf.sinh)],
  softplus: [one(tf.softplus)],
  sqrt: [one(tf.sqrt, between(0.3, 3))],
  square: [one(tf.square)],
  step: [one((x) => tf.step(x))],
  tan: [one(tf.tan, between(-1, 1))],
  tanh: [one(tf.tanh)],

  add: broadcast(tf.add),
  sub: broadcast(tf.sub),
  mul: broadcast(tf.mul),
  div: broadcast(tf.div),
  floorDiv: broadcast(tf.floorDiv),
  mod: broadcast(tf.mod),
  pow: broadcast(tf.pow),
  atan2: broadcast(tf.atan2),
  // tfjs-core does not sum the gradients of these three over broadcast axes.
  squaredDifference: broadcast(tf.squaredDifference).slice(0, 1),
  maximum: broadcast(tf.maximum).slice(0, 1),
  minimum: broadcast(tf.minimum).slice(0, 1),
  prelu: [two(tf.prelu, floats([4, 3]), floats([3]))],
  addN: [two((a, b) => tf.addN([a, b, a]), floats([4, 3]), floats([4, 3]))],
  where: [
    two((a, b) => tf.where(tf.tensor1d([1, 0, 0, 1], 'bool'), a, b), floats([4]), floats([4])),
  ],

  sum: [[0], [1], [0, 2], [0, 1, 2]].map((axes) => one((x) => tf.sum(x, axes))),
  mean: [[0], [1], [0, 2], [0, 1, 2]].map((axes) => one((x) => tf.mean(x, axes))),
  max: [[0], [1], [2]].map((axes) => one((x) => tf.max(x, axes))),
  min: [[0], [1], [2]].map((axes) => one((x) => tf.min(x, axes))),
  cumsum: [one((x) => tf.cumsum(x, 2)), one((x) => tf.cumsum(x, 2, true, true))],
  logSumExp: [one((x) => tf.logSumExp(x, 1))],
  softmax: [one((x) => tf.softmax(x))],
  logSoftmax: [one((x) => tf.logSoftmax(x))],
  norm: [one((x) => tf.norm(x, 'euclidean', 1))],
  moments: [one((x) => tf.add(tf.moments(x, [0, 1]).mean, tf.moments(x, [0, 1]).variance))],
  unsortedSegmentSum: [
    one((x) => tf.unsortedSegmentSum(x, tf.tensor1d([0, 2, 0], 'int32'), 3), floats([3, 4])),
  ],

  reshape: [one((x) => tf.square(tf.reshape(x, [5, 6])))],
  transpose: [one((x) => tf.square(tf.transpose(x, [2, 0, 1])))],
  expandDims: [one((x) => tf.square(tf.expandDims(x, 1)))],
  cast: [one((x) => tf.square(tf.cast(x, 'float32')))],
  slice: [one((x) => tf.square(tf.slice(x, [0, 1, 2], [2, 1, 3])))],
  concat: [two((a, b) => tf.square(tf.concat([a, b], 1)), floats([2, 3]), floats([2, 4]))],
  stack: [two((a, b) => tf.square(tf.stack([a, b], 1)), floats([2, 3]), floats([2, 3]))],
  unstack: [one((x) => tf.mul(tf.unstack(x, 1)[0]!, tf.unstack(x, 1)[2]!))],
  split: [one((x) => tf.mul(tf.split(x, [2, 1, 2], 2)[0]!, tf.split(x, [2, 1, 2], 2)[2]!))],
  pad: [one((x) => tf.square(tf.pad(x, [[0, 1], [2, 0], [1, 1]])))], // biome-ignore format: short
  tile: [one((x) => tf.square(tf.tile(x, [2, 1, 3])))],
  reverse: [one((x) => tf.square(tf.reverse(x, 1)))],
  broadcastTo: [one((x) => tf.square(tf.broadcastTo(x, [4, 3, 5])), floats([3, 1]))],
  gather: [0, 1].map((axis) =>
    one((x) => tf.square(tf.gather(x, toTensor(indices) as tf.Tensor1D, axis)), floats([5, 5])),
  ),
  spaceToBatchND: [one((x) => tf.square(tf.spaceToBatchND(x, [2, 2], [[0, 0], [0, 0]])), image)], // biome-ignore format: short
  batchToSpaceND: [
    one((x) => tf.square(tf.batchToSpaceND(x, [2, 1], [[0, 0], [0, 0]])), image), // biome-ignore format: short
  ],

  matMul: [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) =>
      two(
        (a, b) => tf.matMul(a, b, transposeA, transposeB),
        floats(transposeA ? [2, 4, 3] : [2, 3, 4]),
        floats(transposeB ? [2, 5, 4] : [2, 4, 5]),
      ),
    ),
  ),
  dot: [two((a, b) => tf.dot(a, b), floats([3, 4]), floats([4]))],
  'fused.matMul': [
    {
      inputs: [floats([3, 4]), floats([4, 5]), floats([5])],
      compute: (a: tf.Tensor2D, b: tf.Tensor2D, bias: T) =>
        tf.fused.matMul({ a, b, bias, activation: 'relu' }),
    },
  ],
  conv2d: [
    [1, 'same'],
    [2, 'valid'],
    [3, 'same'],
  ].map(([stride, pad]) =>
    two(
      (x, w) => tf.conv2d(as4d(x), as4d(w), stride as number, pad as 'same'),
      image,
      floats([2, 2, 3, 4]),
    ),
  ),
  conv2dTranspose: [
    two(
      (x, w) => tf.conv2dTranspose(as4d(x), as4d(w), [2, 7, 7, 2], 2, 'valid'),
      floats([2, 3, 3, 4]),
      floats([3, 3, 2, 4]),
    ),
  ],
  depthwiseConv2d: [
    [1, 'same', 1],
    [2, 'valid', 2],
    [1, 'valid', 5],
  ].map(([stride, pad, multiplier]) =>
    two(
      (x, w) => tf.depthwiseConv2d(as4d(x), as4d(w), stride as number, pad as 'same'),
      image,
      floats([2, 3, 3, multiplier as number]),
    ),
  ),
  depthwiseConv2dWide: [
    two(
      (x, w) => tf.depthwiseConv2d(as4d(x), as4d(w), 1, 'same'),
      floats([2, 5, 4, 21]),
      floats([3, 3, 21, 1]),
    ),
  ],
  conv3d: [
    two(
      (x, w) => tf.conv3d(as5d(x), as5d(w), [1, 2, 1], 'same'),
      floats([1, 4, 5, 4, 2]),
      floats([2, 2, 3, 2, 5]),
    ),
  ],
  maxPool: [
    one((x) => tf.maxPool(as4d(x), 2, 2, 'valid'), image),
    one((x) => tf.maxPool(as4d(x), 3, 1, 'same'), image),
  ],
  avgPool: [
    one((x) => tf.avgPool(as4d(x), 2, 2, 'valid'), image),
    one((x) => tf.avgPool(as4d(x), 3, 1, 'same'), image),
  ],
  maxPool3d: [
    one((x) => tf.maxPool3d(as5d(x), 2, 2, 'same'), floats([1, 4, 5, 4, 2])),
    {
      ...one((x) => tf.maxPool3d(as5d(x), [3, 2, 1], 1, 'valid'), floats([1, 4, 5, 4, 2])),
      numeric: true,
    },
  ],
  avgPool3d: [one((x) => tf.avgPool3d(as5d(x), 2, 2, 'valid'), floats([1, 4, 5, 4, 2]))],
  dilation2d: [
    two((x, w) => tf.dilation2d(as4d(x), w as tf.Tensor3D, 1, 'valid'), image, floats([2, 2, 3])),
  ],
  batchNorm: [
    {
      inputs: [image, floats([3]), floats([3], 0.5, 2), floats([3]), floats([3])],
      compute: (
        x: tf.Tensor4D,
        mean: tf.Tensor1D,
        variance: tf.Tensor1D,
        offset: tf.Tensor1D,
        scale: tf.Tensor1D,
      ) => tf.batchNorm(x, mean, variance, offset, scale),
    },
  ],
  localResponseNormalization: [
    one((x) => tf.localResponseNormalization(as4d(x), 2, 1, 0.5, 0.75), floats([2, 2, 2, 7])),
  ],
  resizeBilinear: [
    one((x) => tf.image.resizeBilinear(as4d(x), [9, 9]), image),
    {
      ...one((x) => tf.image.resizeBilinear(as4d(x), [7, 4]), floats([2, 3, 5, 2])),
      numeric: true,
    },
    {
      ...one((x) => tf.image.resizeBilinear(as4d(x), [7, 4], true), floats([2, 3, 5, 2])),
      numeric: true,
    },
  ],
  resizeNearestNeighbor: [
    one((x) => tf.image.resizeNearestNeighbor(as4d(x), [12, 12]), floats([1, 6, 6, 3])),
    {
      ...one((x) => tf.image.resizeNearestNeighbor(as4d(x), [7, 4]), floats([2, 3, 5, 2])),
      numeric: true,
    },
  ],

  softmaxCrossEntropy: [
    two(
      (logits, labels) => tf.losses.softmaxCrossEntropy(tf.softmax(labels), logits),
      floats([4, 5]),
      floats([4, 5]),
    ),
  ],
  sigmoidCrossEntropy: [
    two(
      (logits, labels) => tf.losses.sigmoidCrossEntropy(labels, logits),
      floats([4, 5]),
      floats([4, 5], 0, 1),
    ),
  ],
  huberLoss: [two((a, b) => tf.losses.huberLoss(a, b), floats([4, 5]), floats([4, 5]))],
  cosineDistance: [
    two((a, b) => tf.losses.cosineDistance(a, b, 1), floats([4, 5]), floats([4, 5])),
  ],
};

/** A loss that weighs every output differently, so that no two gradients are alike by chance. */
function loss({ compute }: Differentiable): (...inputs: T[]) => tf.Scalar {
  return (...inputs) =>
    tf.tidy(() => {
      const y = compute(...(inputs as never[]));
      const weights = Array.from({ length: y.size }, (_, i) => 0.5 + ((i * 7) % 11) / 10);
      return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
    });
}

function gradients(each: Differentiable): number[][] {
  return tf.tidy(() =>
    tf
      .grads(loss(each))(each.inputs.map(toTensor))
      .map((gradient) => [...gradient.dataSync()]),
  ) as unknown as number[][];
}

/** Central differences of the loss. */
function differences(each: Differentiable): number[][] {
  const step = 1e-2;
  const value = (inputs: Operand[]) =>
    tf.tidy(() => loss(each)(...inputs.map(toTensor)).dataSync()[0]!) as unknown as number;
  return each.inputs.map((operand, i) =>
    operand.values.map((_, j) => {
      const moved = (by: number) =>
        each.inputs.map((other, k) =>
          k === i
            ? exactly(
                other.values.map((v, at) => (at === j ? Number(v) + by : v)),
                other.shape,
              )
            : other,
        );
      return (value(moved(step)) - value(moved(-step))) / (2 * step);
    }),
  );
}

beforeAll(async () => {
  await useWasm();
});

test.each(Object.keys(functions))('gradient of %s', async (name) => {
  const list = functions[name]!;
  await tf.setBackend('cpu');
  const expected = list.map((each) => (each.numeric ? undefined : gradients(each)));
  await tf.setBackend('ae-wasm');
  const before = tf.memory().numTensors;
  for (const [i, each] of list.entries()) {
    const tolerance = each.numeric ? 3e-2 : 1e-4;
    const want = expected[i] ?? differences(each);
    const actual = gradients(each);
    for (const [k, values] of want.entries()) {
      for (const [j, value] of values.entries()) {
        const difference = Math.abs(actual[k]![j]! - value);
        if (!(difference <= tolerance * Math.max(1, Math.abs(value)))) {
          throw new Error(
            `${name}, case ${i}: gradient ${j} of input ${k} is ${actual[k]![j]} for ${value}`,
          );
        }
      }
    }
  }
  expect(tf.memory().numTensors).toBe(before);
});
