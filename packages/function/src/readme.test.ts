// The example of the README.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { compile, compiled, compiledOf } from './index.js';

beforeAll(() => tf.setBackend('cpu'));

test('the first example', () => {
  const distance = compile((a: tf.Tensor2D, b: tf.Tensor2D) =>
    tf.sqrt(tf.sum(tf.square(tf.sub(a, b)), 1)),
  );
  expect(distance(tf.ones([4, 8]), tf.zeros([4, 8])).arraySync()).toEqual(
    [8, 8, 8, 8].map((v) => Math.fround(Math.sqrt(v))),
  );
  expect(distance(tf.ones([4, 8]), tf.ones([4, 8])).arraySync()).toEqual([0, 0, 0, 0]);
  expect(String(distance.traces[0])).toContain('Sqrt');

  class Scale {
    private readonly factor = tf.variable(tf.scalar(2));

    @compiled
    apply(x: tf.Tensor): tf.Tensor {
      return tf.mul(x, this.factor);
    }
  }
  const scale = new Scale();
  expect([1, 2].map((x) => scale.apply(tf.scalar(x)).dataSync()[0])).toEqual([2, 4]);
  expect(compiledOf(scale, 'apply').traces).toHaveLength(1);
});
