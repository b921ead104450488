import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { useWasm } from '../../dist/index.js';

const SHAPES = [[3], [5, 7], [1], [130, 130], [0], [4, 4, 2, 3]];

beforeAll(async () => {
  await useWasm();
});

type Lists = Record<string, tf.Tensor[]>;

function tensors(low: number, high: number, seed: number): tf.Tensor[] {
  return SHAPES.map((shape, i) => tf.randomUniform(shape, low, high, 'float32', seed + i));
}

function run(name: string, lists: Lists, attrs: object): tf.Tensor[] {
  return tf.engine().runKernel(name, lists as never, attrs as never) as unknown as tf.Tensor[];
}

const values = (list: tf.Tensor[]): number[] => list.flatMap((each) => [...each.dataSync()]);

function expectClose(actual: tf.Tensor[], expected: number[]): void {
  const found = values(actual);
  expect(found.length).toBe(expected.length);
  const wrong = expected.findIndex(
    (value, i) => !(Math.abs(found[i]! - value) <= 1e-6 * Math.max(1, Math.abs(value))),
  );
  expect(wrong).toBe(-1);
}

test('AdamUpdate is Adam with decoupled weight decay', () => {
  const lists = {
    values: tensors(-1, 1, 1),
    gradients: tensors(-2, 2, 11),
    firstMoments: tensors(-1, 1, 21),
    secondMoments: tensors(0, 1, 31),
  };
  const attrs = { stepSize: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };
  const decay = SHAPES.map((_, i) => i / 100);
  const [x, g, m, v] = Object.values(lists).map(values) as [number[], number[], number[], number[]];
  const decays = SHAPES.flatMap((shape, i) =>
    new Array<number>(tf.util.sizeFromShape(shape)).fill(decay[i]!),
  );
  const { numTensors } = tf.memory();
  const outputs = run('AdamUpdate', lists, { ...attrs, decay });
  expect(outputs.map(({ shape }) => shape)).toEqual([...SHAPES, ...SHAPES, ...SHAPES]);
  const first = m.map((old, i) => 0.9 * old + 0.1 * g[i]!);
  const second = v.map((old, i) => 0.999 * old + 0.001 * g[i]! ** 2);
  const next = x.map(
    (old, i) => old - decays[i]! * old - (0.01 * first[i]!) / (Math.sqrt(second[i]!) + 1e-7),
  );
  expectClose(outputs, [...next, ...first, ...second]);
  expect(values(lists.values)).toEqual(x);
  tf.dispose(outputs);
  expect(tf.memory().numTensors).toBe(numTensors);
  tf.dispose(lists);
});

test.each([
  [0, false],
  [0.9, false],
  [0.9, true],
])('SgdUpdate with momentum %d, Nesterov %s', (momentum, nesterov) => {
  const lists = {
    values: tensors(-1, 1, 1),
    gradients: tensors(-2, 2, 11),
    velocities: momentum > 0 ? tensors(-1, 1, 21) : [],
  };
  const [x, g, u] = Object.values(lists).map(values) as [number[], number[], number[]];
  const decay = SHAPES.map(() => 0.01);
  const outputs = run('SgdUpdate', lists, { learningRate: 0.1, momentum, nesterov, decay });
  const velocity = x.map((_, i) => momentum * (u[i] ?? 0) - 0.1 * g[i]!);
  const next = x.map(
    (old, i) =>
      old - 0.01 * old + (nesterov ? momentum * velocity[i]! - 0.1 * g[i]! : velocity[i]!),
  );
  expectClose(outputs, momentum > 0 ? [...next, ...velocity] : next);
  tf.dispose([outputs, Object.values(lists)]);
});

test('tensors that do not fit together are refused before anything is written', () => {
  const list = (shape: number[]) => [tf.ones(shape)];
  const lists = { values: list([2]), gradients: list([2]), velocities: list([3]) };
  const attrs = { learningRate: 0.1, momentum: 0.9, nesterov: false, decay: [0] };
  expect(() => run('SgdUpdate', lists, attrs)).toThrow(
    'SgdUpdate: velocities[0] is float32 of shape [3], but must be float32 of shape [2]',
  );
  expect(() => run('SgdUpdate', { ...lists, gradients: [] }, attrs)).toThrow(
    'SgdUpdate: 0 gradients for 1 values',
  );
  tf.dispose(lists);
});

describe('in place', () => {
  const attrs = { learningRate: 0.1, momentum: 0.9, nesterov: false, decay: [0, 0], inPlace: true };
  const make = () => ({
    values: [tf.tensor1d([1, 2, 3, 4, 5]), tf.ones([40])],
    gradients: [tf.fill([5], 10), tf.ones([40])],
    velocities: [tf.zeros([5]), tf.zeros([40])],
  });

  test('new values go over old ones that nothing else holds', () => {
    const lists = make();
    const { numDataBuffers } = tf.memory();
    const outputs = run('SgdUpdate', lists, attrs);
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
    expect(outputs[0]!.dataId).toBe(lists.values[0]!.dataId);
    expect([...outputs[0]!.dataSync()]).toEqual([0, 1, 2, 3, 4]);
    expect([...outputs[2]!.dataSync()]).toEqual([-1, -1, -1, -1, -1]);
    tf.dispose([lists.values, lists.velocities]);
    expect([...outputs[0]!.dataSync()]).toEqual([0, 1, 2, 3, 4]);
    tf.dispose([outputs, lists.gradients]);
    expect(tf.memory().numDataBuffers).toBe(numDataBuffers - 6);
  });

  test('whatever shares a buffer keeps what it has', () => {
    const lists = make();
    const copy = lists.velocities[1]!.clone();
    const before = values(Object.values(lists).flat());
    const outputs = run('SgdUpdate', lists, attrs);
    expect(values(Object.values(lists).flat())).toEqual(before);
    expect([...outputs[0]!.dataSync()]).toEqual([0, 1, 2, 3, 4]);
    tf.dispose([outputs, copy, Object.values(lists)]);
  });

  test('a tensor that is given twice is updated as two', () => {
    const lists = make();
    const twice = { ...lists, values: [lists.values[0]!, lists.values[0]!] };
    twice.gradients = [lists.gradients[0]!, lists.gradients[0]!];
    twice.velocities = [lists.velocities[0]!, lists.velocities[0]!];
    const outputs = run('SgdUpdate', twice, attrs);
    expect(outputs.map((output) => output.dataSync()[4])).toEqual([4, 4, -1, -1]);
    tf.dispose([outputs, Object.values(lists)]);
  });
});
