import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';

/** One operation of a random program: which, on which earlier values, with what number. */
export interface Instruction {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly n: number;
}

export const instructions: fc.Arbitrary<Instruction[]> = fc.array(
  fc.record({
    op: fc.nat(1000),
    a: fc.nat(1000),
    b: fc.nat(1000),
    n: fc.integer({ min: -2, max: 2 }),
  }),
  { minLength: 1, maxLength: 14 },
);

type Values = readonly tf.Tensor[];
type Make = (a: tf.Tensor, b: tf.Tensor, n: number) => tf.Tensor | undefined;

const sameSize = (a: tf.Tensor, b: tf.Tensor) => a.size === b.size;
const rank2 = (...tensors: tf.Tensor[]) => tensors.every(({ rank }) => rank === 2);

/** Operations with gradients; each gives nothing where the shapes do not suit it. */
const OPERATIONS: readonly Make[] = [
  (a, b) => broadcasts(a, b, () => tf.add(a, b)),
  (a, b) => broadcasts(a, b, () => tf.sub(a, b)),
  (a, b) => broadcasts(a, b, () => tf.mul(a, b)),
  (a, b) => broadcasts(a, b, () => tf.div(a, tf.add(tf.abs(b), 1))),
  (a, b) => broadcasts(a, b, () => tf.maximum(a, b)),
  (a, b) => broadcasts(a, b, () => tf.squaredDifference(a, b)),
  (a, _, n) => tf.mul(a, n / 2),
  (a, _, n) => tf.add(a, n),
  (a) => tf.elu(a),
  (a) => tf.relu(a),
  (a) => tf.sigmoid(a),
  (a) => tf.tanh(a),
  (a) => tf.exp(tf.clipByValue(a, -3, 3)),
  (a) => tf.log(tf.add(tf.abs(a), 1)),
  (a) => tf.square(tf.clipByValue(a, -9, 9)),
  (a) => tf.sqrt(tf.add(tf.abs(a), 1)),
  (a) => tf.neg(a),
  (a) => tf.clone(a),
  (a) => tf.reshape(a, [a.size]),
  (a, b) => (sameSize(a, b) ? tf.add(tf.reshape(a, b.shape), b) : undefined),
  (a) => (a.rank === 2 ? tf.transpose(a) : undefined),
  (a, b) => (rank2(a, b) && a.shape[1] === b.shape[0] ? tf.matMul(a, b) : undefined),
  (a, b) => (rank2(a, b) && a.shape[1] === b.shape[1] ? tf.matMul(a, b, false, true) : undefined),
  (a, b) => (rank2(a, b) && a.shape[0] === b.shape[0] ? tf.matMul(a, b, true, false) : undefined),
  (a) => (a.rank > 0 ? tf.sum(a, 0) : undefined),
  (a) => (a.rank > 0 ? tf.mean(a, -1, true) : undefined),
  (a) => (a.rank > 0 && a.shape[0]! > 1 ? tf.slice(a, 1, a.shape[0]! - 1) : undefined),
  (a, b) =>
    a.rank > 0 && String(a.shape.slice(1)) === String(b.shape.slice(1)) && a.rank === b.rank
      ? tf.concat([a, b], 0)
      : undefined,
  (a, b) => (String(a.shape) === String(b.shape) ? tf.where(tf.greater(a, b), a, b) : undefined),
  (a) => (a.rank === 2 ? tf.softmax(a) : undefined),
  (a) => (a.rank === 2 && a.size < 200 ? tf.tile(a, [2, 1]) : undefined),
];

function broadcasts(a: tf.Tensor, b: tf.Tensor, make: () => tf.Tensor): tf.Tensor | undefined {
  try {
    tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  } catch {
    return undefined;
  }
  return make();
}

/** Runs a random program on some values, and gives all that it computed. */
export function interpret(program: readonly Instruction[], inputs: Values): tf.Tensor[] {
  const values = [...inputs];
  for (const { op, a, b, n } of program) {
    const make = OPERATIONS[op % OPERATIONS.length]!;
    const result = make(values[a % values.length]!, values[b % values.length]!, n);
    if (result !== undefined && result.size <= 4096) values.push(result);
  }
  return values.slice(inputs.length);
}
