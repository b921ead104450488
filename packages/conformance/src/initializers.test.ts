import { layer, setSeed } from '@ae/layer-dict';
import { layers } from '@ae/layers';
import { Module } from '@ae/module';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
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
function makeLayer(kind: string, shape: readonly number[], initializer: string) {
  const kernelInitializer = initializer as 'zeros';
  const [a = 0, b = 0] = shape.slice(-2);
  const size = shape.slice(0, -2);
  if (kind === 'dense') {
    return [layer(layers.dense, { units: b, kernelInitializer }), [1, a]] as const;
  }
  if (kind.startsWith('conv2dTranspose')) {
    const options = { filters: a, kernelSize: size, kernelInitializer };
    return [layer(layers.conv2dTranspose, options), [1, 2, 2, b]] as const;
  }
  const options = { filters: b, kernelSize: size, kernelInitializer };
  if (kind === 'conv1d') return [layer(layers.conv1d, options), [1, ...size, a]] as const;
  if (kind === 'conv2d') return [layer(layers.conv2d, options), [1, ...size, a]] as const;
  return [layer(layers.conv3d, options), [1, ...size, a]] as const;
}

/** The kernel's values for some seeds, together at least 60,000. */
function sample({ initializer, kind, shape }: Distribution): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const draws = Math.ceil(60_000 / size);
  const values = new Float32Array(draws * size);
  for (let seed = 0; seed < draws; seed++) {
    tf.engine().startScope();
    const model = new Module();
    const [made, input] = makeLayer(kind, shape, camelCase(initializer));
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

test.each(distributions.map((entry) => [entry.initializer, entry.kind, entry] as const))(
  '%s of a kernel of %s',
  (_, __, expected) => {
    const { mean, variance, bound } = momentsOf(sample(expected));
    // Five standard errors of the mean, and of the variance more than that.
    const error = 5 * Math.sqrt(expected.variance / 60_000);
    expect(Math.abs(mean - expected.mean)).toBeLessThanOrEqual(error);
    expect(Math.abs(variance - expected.variance)).toBeLessThanOrEqual(0.03 * expected.variance);
    // Only the normal distribution that is not cut off has no largest value.
    if (expected.initializer === 'random_normal') return;
    expect(Math.abs(bound - expected.bound)).toBeLessThanOrEqual(0.005 * expected.bound);
  },
);
