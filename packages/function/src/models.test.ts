// Whole models and training steps on the backend that runs programs.
import '@tensorflow/tfjs-layers';
import { AutoEncoder, LazyAutoEncoder, meanSquaredError } from '@ae/models';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { compile, compiled, compiledOf } from './index.js';

interface Heap {
  readonly tensorBytes: number;
}

beforeAll(() => useWasm({ threads: 1 }));

const heapBytes = () => (tf.backend() as unknown as { heap: Heap }).heap.tensorBytes;
const bits = (tensors: readonly tf.Tensor[]) => tensors.map((tensor) => tensor.dataSync());
const images = (count: number, seed: number) =>
  tf.randomUniform([count, 28, 28, 1], 0, 1, 'float32', seed) as tf.Tensor4D;

describe.each([
  ['AutoEncoder', () => new AutoEncoder({ seed: 1 })],
  ['LazyAutoEncoder', () => new LazyAutoEncoder({ seed: 1 })],
])('%s', (_, make) => {
  test('encodes and decodes as eagerly, for every size of batch', () => {
    const model = make();
    const reconstruct = compile((image: tf.Tensor4D) => model.decode(model.encode(image)));
    for (const [count, seed] of [
      [2, 1],
      [2, 2],
      [5, 3],
      [2, 4],
    ] as const) {
      tf.tidy(() => {
        const image = images(count, seed);
        const result = reconstruct(image);
        expect(bits([result])).toEqual(bits([model.decode(model.encode(image))]));
      });
    }
    expect(reconstruct.traces.length).toBeLessThanOrEqual(2);
    reconstruct.dispose();
    model.dispose();
  });

  test('trains as eagerly, to the bit, and leaves nothing behind', () => {
    const train = (isCompiled: boolean) => {
      const model = make();
      const optimizer = tf.train.adam(1e-3);
      const step = (image: tf.Tensor4D) => {
        // The first step makes the layers, and so the variables.
        if (model.variables.length === 0) model.decode(model.encode(image));
        const loss = () => meanSquaredError(image, model.decode(model.encode(image)));
        return optimizer.minimize(loss, true, model.trainableVariables)!;
      };
      const run = isCompiled ? compile(step, { name: 'step', strict: true }) : step;
      const losses: number[] = [];
      const used: number[][] = [];
      for (let i = 0; i < 5; i++) {
        tf.tidy(() => {
          losses.push(run(images(3, 10 + i)).dataSync()[0]!);
        });
        used.push([tf.memory().numTensors, tf.memory().numDataBuffers, heapBytes()]);
      }
      // The first two steps create variables and the program.
      expect(used[4]).toEqual(used[2]);
      const weights = bits(model.variables);
      optimizer.dispose();
      model.dispose();
      return { losses, weights };
    };
    const eager = train(false);
    expect(train(true)).toEqual(eager);
  });
});

test('a thousand steps of a small network give the eager bits', () => {
  const train = (isCompiled: boolean) => {
    const sizes = [12, 8, 4, 8, 12];
    const kernels = sizes
      .slice(1)
      .map((size, i) => tf.variable(tf.randomNormal([sizes[i]!, size], 0, 0.4, 'float32', i + 1)));
    const biases = sizes.slice(1).map((size) => tf.variable(tf.zeros([size])));
    const optimizer = tf.train.adam(3e-3);
    const step = (x: tf.Tensor2D) =>
      optimizer.minimize(
        () => {
          let hidden: tf.Tensor = x;
          kernels.forEach((kernel, i) => {
            hidden = tf.add(tf.matMul(hidden as tf.Tensor2D, kernel as tf.Tensor2D), biases[i]!);
            if (i < 3) hidden = i === 1 ? tf.relu(hidden) : tf.elu(hidden);
          });
          return tf.mean(tf.squaredDifference(x, hidden)) as tf.Scalar;
        },
        true,
        [...kernels, ...biases],
      )!;
    const run = isCompiled ? compile(step, { strict: true }) : step;
    const losses: number[] = [];
    const batches = [0, 1, 2, 3].map(
      (seed) => tf.randomNormal([16, 12], 0, 1, 'float32', seed + 5) as tf.Tensor2D,
    );
    for (let i = 0; i < 1000; i++) {
      tf.tidy(() => void losses.push(run(batches[i % 4]!).dataSync()[0]!));
    }
    return { losses, weights: bits([...kernels, ...biases]) };
  };
  const result = train(true);
  expect(result.losses[999]!).toBeLessThan(result.losses[0]! / 2);
  expect(result).toEqual(train(false));
});

test('weights that change between calls are seen, also by packed copies', () => {
  const model = new AutoEncoder({ seed: 1 });
  const encode = compile((image: tf.Tensor4D) => model.encode(image));
  const kernels = model.trainableVariables;
  const decay = compile(() => {
    for (const kernel of kernels) kernel.assign(tf.mul(kernel, 0.5));
  });
  const image = images(1, 1);
  const check = () =>
    tf.tidy(() => expect(bits([encode(image)])).toEqual(bits([model.encode(image)])));
  model.encode(image);
  check();
  check();
  for (const kernel of kernels) kernel.assign(tf.tidy(() => tf.mul(kernel, 0.9)));
  check();
  // In place, by another program.
  decay();
  check();
  decay();
  check();
  // Weights that somebody else holds too.
  const held = kernels.map((kernel) => kernel.clone());
  const before = bits(held);
  decay();
  check();
  expect(bits(held)).toEqual(before);
});

test('methods of a model may be compiled', () => {
  class Compiled extends AutoEncoder {
    @compiled
    override encode(image: tf.Tensor4D): tf.Tensor2D {
      return super.encode(image);
    }
  }
  const model = new Compiled({ seed: 2 });
  const plain = new AutoEncoder({ seed: 2 });
  for (const seed of [1, 2, 3]) {
    tf.tidy(() => {
      const image = images(2, seed);
      expect(bits([model.encode(image)])).toEqual(bits([plain.encode(image)]));
    });
  }
  expect(compiledOf(model, 'encode').traces).toHaveLength(1);
});

test('fused activations have the bits of their kernels', () => {
  const x = tf.randomNormal([4096], 0, 4, 'float32', 3);
  for (const activation of [tf.elu, tf.sigmoid, tf.tanh, tf.relu, tf.square, tf.abs]) {
    const fn = (input: tf.Tensor) => activation(tf.add(input, 0.25));
    const fast = compile(fn);
    fast(x);
    expect(bits([fast(x)])).toEqual(bits([fn(x)]));
    expect(String(fast.traces[0])).toContain('1 operations');
  }
});
