import { fromKeras, fromPyTorch, fromTensorFlow, toKeras, toPyTorch } from '@ae/interop';
import { layer } from '@ae/layer-dict';
import { layers } from '@ae/layers';
import { Module, type StateDict } from '@ae/module';
import { readSafetensors, toStateDict, writeSafetensors } from '@ae/train';
import * as tf from '@tensorflow/tfjs-core';
import type { RNN } from '@tensorflow/tfjs-layers';
import { onEachBackend } from './backends.js';
import { expectClose } from './measure.js';
import { draw, readReference, readTensors } from './reference.js';
import { builtModel, type SmallAutoEncoder, smallWeights } from './small-auto-encoder.js';

const outputs = readTensors('small');

/** How Keras calls what it does not keep the names of. */
const SUBCLASS = { batch_normalization: 'norm', depthwise_conv2d: 'mix' };
const FLATTENED = { code: [5, 5, 8] };

/** The weights must be the very ones that were drawn, and compute what Keras computed. */
function expectSmallWeights(model: SmallAutoEncoder): void {
  const drawn = smallWeights(model);
  const state = model.stateDict();
  expect([...state.keys()]).toEqual([...drawn.keys()]);
  for (const [path, { data }] of drawn) expect(state.get(path)!.data).toEqual(data);
  const image = tf.tensor4d(draw(0, ['image'], [2, 12, 12, 1], 0, 1), [2, 12, 12, 1]);
  const [code, output] = tf.tidy(() => {
    const code = model.encode(image);
    return [code.dataSync(), model.decode(code).dataSync()];
  });
  expectClose('moved weights: encode', code!, outputs.get('code')!.data, 2e-6);
  expectClose('moved weights: decode', output!, outputs.get('image')!.data, 2e-6);
  tf.dispose([image, ...model.variables]);
}

onEachBackend(() => {
  test.each([
    ['small.weights.h5', SUBCLASS],
    ['small.keras', {}],
    ['small.h5', {}],
  ])('weights come from Keras: %s', async (file, rename) => {
    const model = builtModel();
    const report = model.loadStateDict(await fromKeras(readReference(file), model, { rename }));
    expect(report).toMatchObject({ missing: [], unexpected: [], mismatched: [] });
    expectSmallWeights(model);
  });

  test('weights come from a TensorFlow 2 checkpoint, whose step has no place here', () => {
    const model = builtModel();
    const state = fromTensorFlow(readTensors('small-checkpoint'), model, { rename: { model: '' } });
    expect(() => model.loadStateDict(state)).toThrow('step');
    expect(model.loadStateDict(state, { strict: false }).unexpected).toEqual(['step']);
    expectSmallWeights(model);
  });

  test('weights come from PyTorch', () => {
    const model = builtModel();
    const options = { flattened: FLATTENED };
    model.loadStateDict(fromPyTorch(readTensors('small-pytorch'), model, options));
    expectSmallWeights(model);
  });

  test('weights go to PyTorch as they came', () => {
    const model = builtModel();
    model.loadStateDict(smallWeights(model));
    const expected = readTensors('small-pytorch');
    expected.delete('norm.num_batches_tracked');
    const written = writeSafetensors(toPyTorch(model, { flattened: FLATTENED }));
    const state = toStateDict(readSafetensors(written));
    expect(new Map([...state].sort())).toEqual(new Map([...expected].sort()));
    tf.dispose(model.variables);
  });

  test.each([
    ['small.weights.h5', SUBCLASS],
    ['small.keras', {}],
  ])('weights go into a file that Keras made: %s', async (file, rename) => {
    const model = builtModel();
    const like = readReference(file);
    const bytes = await toKeras(model, { like, rename });
    const again = builtModel();
    again.loadStateDict(await fromKeras(bytes, again, { rename }));
    expect(again.stateDict()).toEqual(model.stateDict());
    expect(again.stateDict()).not.toEqual(smallWeights(model));
    tf.dispose([...model.variables, ...again.variables]);
  });

  test('weights go into a new file for a model class with attributes of the same names', async () => {
    const model = builtModel();
    const again = builtModel();
    again.loadStateDict(await fromKeras(await toKeras(model), again));
    expect(again.stateDict()).toEqual(model.stateDict());
    tf.dispose([...model.variables, ...again.variables]);
  });

  class Encoder extends Module {
    readonly both = layer(layers.bidirectional, {
      layer: layers.gru({ units: 4, returnSequences: true }) as RNN,
      mergeMode: 'concat',
    });
    readonly last = layer(layers.lstm, { units: 2 });
  }

  class Nested extends Module {
    readonly encoder = new Encoder();
    readonly head = layer(layers.dense, { units: 5 });

    call(series: tf.Tensor3D): tf.Tensor2D {
      return this.head(this.encoder.last(this.encoder.both(series)));
    }
  }

  test('a model in a model, with wrapped layers and an optimizer, comes from Keras', async () => {
    const series = tf.tensor3d(draw(0, ['series'], [2, 9, 3]), [2, 9, 3]);
    const model = new Nested();
    tf.tidy(() => model.call(series));
    model.loadStateDict(await fromKeras(readReference('nested.keras'), model));
    const output = tf.tidy(() => model.call(series).dataSync());
    const expected = readTensors('nested').get('output')!;
    expectClose('moved weights: recurrent layers', output, expected.data, 2e-6);
    tf.dispose([series, ...model.variables]);
  });

  class Recurrent extends Module {
    readonly lstm = layer(layers.lstm, { units: 4, returnSequences: true });
    readonly gru = layer(layers.gru, { units: 4, returnSequences: true });
    readonly rnn = layer(layers.simpleRNN, { units: 4, returnSequences: true });
  }

  test('recurrent layers come from PyTorch, and go there', () => {
    const reference = readTensors('recurrent-pytorch');
    const series = tf.tensor3d(draw(0, ['series'], [2, 9, 3]), [2, 9, 3]);
    const model = new Recurrent();
    const names = ['lstm', 'gru', 'rnn'] as const;
    const run = () => names.map((name) => tf.tidy(() => model[name](series).dataSync()));
    run();
    const weights: StateDict = new Map(
      [...reference].filter(([name]) => !name.endsWith(' output')),
    );
    model.loadStateDict(fromPyTorch(weights, model));
    for (const [index, output] of run().entries()) {
      const expected = reference.get(`${names[index]} output`)!;
      expectClose('moved weights: recurrent layers', output, expected.data, 2e-6);
    }
    const back = toPyTorch(model);
    expect([...back.keys()].sort()).toEqual([...weights.keys()].sort());
    expect(back.get('gru.bias_hh_l0')).toEqual(weights.get('gru.bias_hh_l0'));
    // Here LSTM has one bias, the sum of PyTorch's two.
    const sum = (state: StateDict): number[] =>
      Array.from(state.get('lstm.bias_ih_l0')!.data, (x, i) =>
        Math.fround(x + state.get('lstm.bias_hh_l0')!.data[i]!),
      );
    expect(sum(back)).toEqual(sum(weights));
    tf.dispose([series, ...model.variables]);
  });
});
