import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { useWasm } from '../dist/index.js';

/** Large enough for many tasks of every kernel that is shared out. */
function results(): tf.TypedArray[] {
  return tf.tidy(() => {
    const x = tf.randomNormal([40, 33, 31], 0, 1, 'float32', 1);
    const row = tf.randomNormal([31], 0, 1, 'float32', 2);
    const images = tf.reshape(x, [2, 20, 33, 31]) as tf.Tensor4D;
    const filter = tf.randomNormal([3, 3, 31, 1], 0, 1, 'float32', 3) as tf.Tensor4D;
    const ids = tf.tensor1d(Array.from({ length: 40 }, (_, i) => i % 7), 'int32'); // biome-ignore format: short
    const outputs = [
      tf.elu(x),
      tf.sigmoid(x),
      tf.log1p(tf.abs(x)),
      tf.mul(x, row),
      tf.greater(x, row),
      tf.where(tf.greater(x, 0), x, tf.neg(x)),
      tf.sum(x),
      tf.sum(x, [0, 1]),
      tf.sum(x, [0, 2]),
      tf.mean(x, [1]),
      tf.max(x, [2]),
      tf.softmax(x),
      tf.transpose(x, [2, 0, 1]),
      tf.tile(x, [1, 2, 1]),
      tf.unsortedSegmentSum(x, ids, 7),
      tf.depthwiseConv2d(images, filter, 1, 'same'),
      tf.maxPool(images, 3, 2, 'same'),
      ...tf.grads((a: tf.Tensor, b: tf.Tensor) =>
        tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 'same'),
      )([images, filter]),
      tf.grad((a: tf.Tensor) => tf.maxPool(a as tf.Tensor4D, 3, 2, 'same'))(images),
      tf.grad((a: tf.Tensor) => tf.avgPool(a as tf.Tensor4D, 3, 2, 'same'))(images),
    ];
    return outputs.map((output) => output.dataSync());
  }) as unknown as tf.TypedArray[];
}

test('the same bits for any number of threads', async () => {
  await useWasm({ threads: 1 });
  const alone = results();
  for (const threads of [2, 3]) {
    await useWasm({ threads });
    const others = results();
    const differing = alone.flatMap((values, i) =>
      values.every((value, j) => Object.is(value, others[i]![j])) ? [] : [i],
    );
    expect(differing).toEqual([]);
  }
}, 60_000);
