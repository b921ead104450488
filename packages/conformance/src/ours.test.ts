import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromKeras, toKeras, toPyTorch } from '@ae/interop';
import { layer } from '@ae/layer-dict';
import { layers } from '@ae/layers';
import { Module, type StateDict } from '@ae/module';
import { writeSafetensors } from '@ae/train';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { readReference } from './reference.js';
import { builtModel, smallWeights } from './small-auto-encoder.js';

const FOLDER = join(__dirname, '../../../reference/ours');

/** Its attributes come before `layers` in the alphabet, so Keras stores them under their names. */
class Encoder extends Module {
  private readonly enc1 = layer(layers.conv2d, { filters: 4, kernelSize: 4, strides: 2 });
  private readonly code = layer(layers.dense, { units: 6 });

  encode(image: tf.Tensor4D): tf.Tensor2D {
    return this.code(tf.reshape(tf.elu(this.enc1(image)), [image.shape[0], -1]));
  }
}

function encoder(): Encoder {
  const model = new Encoder();
  tf.tidy(() => model.encode(tf.zeros([1, 12, 12, 1])));
  model.loadStateDict(smallWeights(model, 1));
  return model;
}

async function readEncoder(bytes: Uint8Array): Promise<StateDict> {
  const model = encoder();
  const state = await fromKeras(bytes, model);
  tf.dispose(model.variables);
  return state;
}

/** The file's own names of layers do, as both files are read alike. */
async function readSmall(bytes: Uint8Array): Promise<StateDict> {
  const model = builtModel();
  const state = await fromKeras(bytes, model);
  tf.dispose(model.variables);
  return state;
}

/** The files that `reference/open_ours.py` opens in Keras, TensorFlow and PyTorch. */
async function writeAll(): Promise<Record<string, Uint8Array>> {
  const model = builtModel();
  // Others than those in the files that are written into.
  model.loadStateDict(smallWeights(model, 1));
  const rename = { batch_normalization: 'norm', depthwise_conv2d: 'mix' };
  const fresh = encoder();
  const files = {
    'encoder.weights.h5': await toKeras(fresh),
    'small.safetensors': writeSafetensors(model.stateDict()),
    'small.weights.h5': await toKeras(model, { like: readReference('small.weights.h5'), rename }),
    'small.keras': await toKeras(model, { like: readReference('small.keras') }),
    'small-pytorch.safetensors': writeSafetensors(
      toPyTorch(model, { flattened: { code: [5, 5, 8] } }),
    ),
  };
  tf.dispose([...model.variables, ...fresh.variables]);
  return files;
}

test('what Python was seen to open is what is still written', async () => {
  await useWasm({ threads: 1 });
  for (const [name, bytes] of Object.entries(await writeAll())) {
    const file = join(FOLDER, name);
    if (process.env.WRITE_OURS !== undefined) {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, bytes);
    }
    if (name.endsWith('.safetensors')) {
      expect(Buffer.compare(readFileSync(file), bytes)).toBe(0);
      continue;
    }
    // Files of Keras bear the time; their contents are compared.
    const read = name.startsWith('encoder') ? readEncoder : readSmall;
    const [kept, made] = await Promise.all([readFileSync(file), bytes].map(read));
    expect(made).toEqual(kept);
  }
});
