// Compiled steps as they are by default, on the backend that runs programs.
import { compile } from '@ae/function';
import { LayerDict } from '@ae/layer-dict';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { adamW, type FitOptions, fit, memory, NonFiniteError, sgd, warmUp } from './index.js';

beforeAll(() => useWasm({ threads: 1 }));

/** Layers that appear at the first step, one of them random. */
class Network extends LayerDict {
  constructor() {
    super({ seed: 3 });
  }

  predict(x: tf.Tensor2D, training: boolean): tf.Tensor2D {
    const hidden = this.get('hidden', layers.dense, { units: 16, activation: 'elu' })(x);
    const dropped = this.get('dropout', layers.dropout, { rate: 0.2 })(hidden, { training });
    return this.get('output', layers.dense, { units: 4 })(dropped) as tf.Tensor2D;
  }
}

interface Batch {
  [name: string]: tf.Tensor;
  x: tf.Tensor2D;
}

const data = {
  batchesPerEpoch: 6,
  *batches(epoch: number, start = 0): Generator<Batch> {
    for (let batch = start; batch < 6; batch++) {
      const rows = batch === 5 ? 3 : 8;
      yield { x: tf.randomNormal([rows, 4], 0, 1, 'float32', epoch * 6 + batch + 1) };
    }
  },
};

type Options = FitOptions<Network, Batch>;
const options = (extra: Partial<Options>): Options => ({
  model: new Network(),
  data,
  loss: (model, { x }, { training }) => {
    const prediction = model.predict(x, training);
    return {
      loss: tf.mean(tf.squaredDifference(x, prediction)),
      largest: tf.max(tf.abs(prediction)),
    };
  },
  optimizer: adamW({ learningRate: warmUp(8, 0.02), weightDecay: 0.1, clip: { globalNorm: 1 } }),
  epochs: 4,
  seed: 7,
  ...extra,
});

const weights = ({ model }: Options) =>
  [...model.stateDict()].map(([path, value]) => [path, Array.from(value.data)]);

test('default steps are compiled, and give the bits of eager ones', async () => {
  let calls = 0;
  const counted = options({});
  const { loss } = counted;
  const compiled = {
    ...counted,
    loss: (...args: Parameters<typeof loss>) => {
      calls++;
      return loss(...args);
    },
  };
  const eager = options({ compile: false });
  const histories = [await fit(compiled), await fit(eager)];
  expect(histories[0]).toEqual(histories[1]);
  expect(weights(compiled)).toEqual(weights(eager));
  // Once with the creation of the layers, and once for each of two sizes of batches.
  expect(calls).toBe(3);
});

test('resuming gives the same bits', async () => {
  const whole = options({});
  await fit(whole);
  const store = memory();
  await fit(options({ steps: 9, checkpoint: { store } }));
  const resumed = options({ checkpoint: { store }, resume: true });
  await fit(resumed);
  expect(weights(resumed)).toEqual(weights(whole));
});

test('no tensors and no memory of the heap remain', async () => {
  const model = new Network();
  await fit(options({ model }));
  const { heap } = tf.backend() as unknown as { heap: { tensorBytes: number } };
  const before = [tf.memory().numTensors, tf.memory().numDataBuffers, heap.tensorBytes];
  await fit(options({ model }));
  expect([tf.memory().numTensors, tf.memory().numDataBuffers, heap.tensorBytes]).toEqual(before);
});

test('a loss that reads values falls back to eager steps with one notice', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  const seen: number[] = [];
  const reading = options({ epochs: 1, optimizer: sgd() });
  const { loss } = reading;
  const history = await fit({
    ...reading,
    loss: (...args) => {
      const result = loss(...args) as { loss: tf.Tensor };
      seen.push(result.loss.dataSync()[0]!);
      return result.loss;
    },
  });
  expect(history.step).toBe(6);
  expect(seen.length).toBeGreaterThanOrEqual(6);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![0]).toMatch(/eagerly.*reads the value of a tensor/);
  warn.mockRestore();
});

test('a step that is not finite leaves the weights of the step before', async () => {
  const model = new Network();
  await fit(options({ model, epochs: 1 }));
  const before = weights(options({ model }));
  const broken = {
    *batches(): Generator<Batch> {
      yield { x: tf.fill([8, 4], Number.NaN) };
    },
  };
  await expect(fit(options({ model, data: broken }))).rejects.toThrow(NonFiniteError);
  expect(weights(options({ model }))).toEqual(before);
});

describe('an eager update, which writes over the old weights', () => {
  // In a tidy: a tensor that shares the buffer of its variable would keep it from being overwritten.
  const kernel = () => tf.tidy(() => tf.variable(tf.randomNormal([40, 40], 0, 1, 'float32', 1)));

  test('is seen by a program that keeps weights packed', () => {
    const weights = kernel();
    const image = tf.ones<tf.Rank.R2>([16, 40]);
    const encode = compile((x: tf.Tensor2D) => tf.matMul(x, weights as unknown as tf.Tensor2D));
    const optimizer = sgd({ learningRate: 0.5 });
    const gradients = new Map([['kernel', tf.ones([40, 40])]]);
    tf.tidy(() => {
      for (let step = 0; step < 4; step++) {
        const expected = tf.matMul(image, weights as unknown as tf.Tensor2D).dataSync();
        expect(encode(image).dataSync()).toEqual(expected);
        optimizer.apply(gradients, new Map([['kernel', weights]]));
      }
    });
  });

  test('is not made in a trace, which gives back what it changed when it fails', () => {
    const weights = kernel();
    const before = weights.dataSync();
    const optimizer = adamW({});
    const step = compile((gradient: tf.Tensor) => {
      optimizer.updateVariables(new Map([['kernel', gradient]]), new Map([['kernel', weights]]));
      throw new Error('a metric failed');
    });
    expect(() => step(tf.ones([40, 40]))).toThrow('a metric failed');
    expect(() => step(tf.ones([40, 40]))).toThrow('a metric failed');
    expect(weights.dataSync()).toEqual(before);
  });
});
