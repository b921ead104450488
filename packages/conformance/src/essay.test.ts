import { mnist } from '@ae/data/node';
import { meanSquaredError } from '@ae/models';
import { valueAndGradients } from '@ae/train';
import * as tf from '@tensorflow/tfjs-core';
import { onEachBackend } from './backends.js';
import { STYLES, start } from './essay-weights.js';
import { expectClose } from './measure.js';
import { readTensors } from './reference.js';

const expected = readTensors('essay');
let pixels: Float32Array;

/** The first eight training images. */
async function readImages(): Promise<Float32Array> {
  const { train } = await mnist();
  for await (const { image, label } of train.batch(8).batches(0)) {
    const data = image.dataSync().slice();
    tf.dispose([image, label]);
    return data as Float32Array;
  }
  throw new Error('no batch');
}

onEachBackend(() => {
  describe.each(Object.entries(STYLES))('%s', (_, Style) => {
    let model: InstanceType<typeof Style>;
    let image: tf.Tensor4D;
    beforeAll(async () => {
      pixels ??= await readImages();
      model = new Style();
      start(model);
      image = tf.tensor4d(pixels, [8, 28, 28, 1]);
    });

    test('encodes as TensorFlow does', () => {
      const code = tf.tidy(() => model.encode(image).dataSync());
      expectClose('encode', code, expected.get('code')!.data, 2e-6);
    });

    test('decodes as TensorFlow does', () => {
      const { data } = expected.get('code')!;
      const output = tf.tidy(() => model.decode(tf.tensor2d(data, [8, 64])).dataSync());
      expectClose('decode', output, expected.get('image')!.data, 2e-6);
    });

    test('has the loss and the gradients that TensorFlow has, by path', () => {
      const { value, gradients, dispose } = valueAndGradients(
        () => meanSquaredError(image, model.decode(model.encode(image))),
        model,
      );
      expectClose('loss', value.dataSync(), expected.get('loss')!.data, 1e-6);
      const paths = [...expected.keys()].filter((name) => name.startsWith('gradient/'));
      expect([...gradients.keys()].map((path) => `gradient/${path}`)).toEqual(paths.sort());
      for (const [path, gradient] of gradients) {
        const reference = expected.get(`gradient/${path}`)!;
        expect(gradient.shape).toEqual(reference.shape);
        expectClose('gradients', gradient.dataSync(), reference.data, 1e-5);
      }
      dispose();
    });
  });
});
