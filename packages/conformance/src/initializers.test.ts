import { layer, setSeed } from '@ae/layer-dict';
import { layers } from '@ae/layers';
import { Module } from '@ae/module';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expectClose } from './measure.js';
import { readJson } from './reference.js';

interface Distribution {
  readonly initializer: string;
  readonly kind: string;
  readonly shape: readonly number[];
  readonly mean: number;
  readonly variance: number;
  /** The largest magnitude among a million or more. */
  readonly bound: number;
}

/** tfjs-layers' name of an initialiser, which spells LeCun with two capitals. */
const camelCase = (name: string): string =>
  name.replace('lecun', 'leCun').replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

/** A layer whose kernel has the given shape, and the shape of an input for it. */
function makeLayer(kind: string, shape: readonly number[], initializer: string | undefined) {
  const asked = initializer === undefined ? {} : { kernelInitializer: initializer as 'zeros' };
  const [a = 0, b = 0] = shape.slice(-2);
  const size = shape.slice(0, -2);
  if (kind === 'dense') {
    return [layer(layers.dense, { units: b, ...asked }), [1, a]] as const;
  }
  if (kind.startsWith('conv2dTranspose')) {
    const options = { filters: a, kernelSize: size, ...asked };
    return [layer(layers.conv2dTranspose, options), [1, 2, 2, b]] as const;
  }
  const options = { filters: b, kernelSize: size, ...asked };
  if (kind === 'conv1d') return [layer(layers.conv1d, options), [1, ...size, a]] as const;
  if (kind === 'conv2d') return [layer(layers.conv2d, options), [1, ...size, a]] as const;
  return [layer(layers.conv3d, options), [1, ...size, a]] as const;
}

/** The kernel's values for some seeds, together at least 60,000. */
function sample({ kind, shape }: Distribution, initializer?: string): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const draws = Math.ceil(60_000 / size);
  const values = new Float32Array(draws * size);
  for (let seed = 0; seed < draws; seed++) {
    tf.engine().startScope();
    const model = new Module();
    const [made, input] = makeLayer(kind, shape, initializer);
    Object.assign(model, { made });
    setSeed(model, seed);
    made(tf.zeros([...input]));
    const kernel = model.namedVariables().get('made/kernel')!;
    expect(kernel.shape).toEqual(shape);
    values.set(kernel.dataSync(), seed * size);
    tf.engine().endScope();
    tf.dispose(model.variables);
  }
  return values;
}

function momentsOf(values: Float32Array): { mean: number; variance: number; bound: number } {
  let [sum, squares, bound] = [0, 0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
    const magnitude = value < 0 ? -value : value;
    if (magnitude > bound) bound = magnitude;
  }
  const mean = sum / values.length;
  return { mean, variance: squares / values.length - mean * mean, bound };
}

const distributions = readJson<Distribution[]>('initializers');

// What is drawn does not depend on the kernels, so one build of them is enough.
beforeAll(() => useWasm({ threads: 1 }));

function expectDistribution(values: Float32Array, expected: Distribution): void {
  const { mean, variance, bound } = momentsOf(values);
  // Five standard errors of the mean, and of the variance more than that.
  const error = 5 * Math.sqrt(expected.variance / 60_000);
  expect(Math.abs(mean - expected.mean)).toBeLessThanOrEqual(error);
  expect(Math.abs(variance - expected.variance)).toBeLessThanOrEqual(0.03 * expected.variance);
  // Only the normal distribution that is not cut off has no largest value.
  if (expected.initializer === 'random_normal') return;
  expect(Math.abs(bound - expected.bound)).toBeLessThanOrEqual(0.005 * expected.bound);
}

test.each(distributions.map((entry) => [entry.initializer, entry.kind, entry] as const))(
  '%s of a kernel of %s',
  (initializer, _, expected) => {
    expectDistribution(sample(expected, camelCase(initializer)), expected);
  },
);

const defaults = distributions.filter(({ initializer }) => initializer === 'glorot_uniform');

test.each(defaults.map((entry) => [entry.kind, entry] as const))(
  'a kernel of %s is Glorot uniform when nothing is said',
  (_, expected) => expectDistribution(sample(expected), expected),
);

test('what is not a kernel begins as in Keras', () => {
  class Model extends Module {
    readonly lstm = layer(layers.lstm, { units: 16 });
    readonly norm = layer(layers.batchNormalization);
    readonly embedding = layer(layers.embedding, { inputDim: 100, outputDim: 50 });
  }
  const model = new Model();
  tf.tidy(() => {
    model.lstm(tf.zeros([1, 2, 8]));
    model.norm(tf.zeros([1, 3]));
    model.embedding(tf.zeros([1], 'int32'));
  });
  const state = new Map([...model.stateDict()].map(([path, { data }]) => [path, [...data]]));
  const forget = Array.from({ length: 64 }, (_, i) => (i >= 16 && i < 32 ? 1 : 0));
  expect(state.get('lstm/bias')).toEqual(forget);
  expect(state.get('norm/gamma')).toEqual([1, 1, 1]);
  expect(state.get('norm/beta')).toEqual([0, 0, 0]);
  expect(state.get('norm/moving_mean')).toEqual([0, 0, 0]);
  expect(state.get('norm/moving_variance')).toEqual([1, 1, 1]);
  const { bound, variance } = momentsOf(Float32Array.from(state.get('embedding/embeddings')!));
  expect(bound).toBeLessThanOrEqual(0.05);
  expect(Math.abs(variance / (0.05 ** 2 / 3) - 1)).toBeLessThan(0.1);
  // [units, 4 * units] with orthonormal rows.
  const recurrent = model.namedVariables().get('lstm/recurrent_kernel') as tf.Variable;
  const product = tf.tidy(() => tf.matMul(recurrent as never, recurrent as never, false, true));
  const identity = tf.tidy(() => tf.eye(16).dataSync());
  expectClose('initialisers: orthogonality', product.dataSync(), identity, 1e-6);
  tf.dispose([product, ...model.variables]);
});
