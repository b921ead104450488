import '@tensorflow/tfjs-backend-cpu';
import { Module } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { type CallableLayer, type LayerDict, layer } from './index.js';

tf.env().set('IS_NODE', false);

class Block extends Module {
  constructor(
    readonly size: number,
    readonly label = 'block',
  ) {
    super();
  }
  call(input: tf.Tensor2D): tf.Tensor2D {
    return input;
  }
}

/** Checked by the compiler: what must not compile stands below an expected error. */
export function typesOfGet(dict: LayerDict, image: tf.Tensor4D): tf.Tensor2D {
  const conv: CallableLayer = dict.get('a', layers.conv2d, { filters: 1, kernelSize: 2 });
  const hidden: tf.Tensor = conv(image);
  const mapped: tf.Tensor4D = tf.elu(
    dict.get('b', layers.conv2d, { filters: 1, kernelSize: 2 })(image),
  );
  const several: tf.Tensor[] = dict.get('c', layers.lstm, { units: 1, returnState: true })<
    tf.Tensor[]
  >(hidden);
  dict.get('d', layers.add)([mapped, hidden], { training: true });
  const block: Block = dict.get('e', Block, 3, 'name');
  dict.get(['f', 0, 'g'], layers.flatten);
  dict.scope('h', 2).get('i', () => new Block(several.length));

  // @ts-expect-error a key that the layer does not know
  dict.get('a', layers.conv2d, { filters: 1, kernelSize: 2, filtres: 3 });
  // @ts-expect-error a required key is missing
  dict.get('a', layers.conv2d, { filters: 1 });
  // @ts-expect-error no such padding
  dict.get('a', layers.conv2d, { filters: 1, kernelSize: 2, padding: 'some' });
  // @ts-expect-error the layer needs a configuration
  dict.get('a', layers.dense);
  // @ts-expect-error a class's own arguments
  dict.get('e', Block, 'three');
  // @ts-expect-error one argument too many
  dict.get('e', Block, 3, 'name', 4);
  // @ts-expect-error a number is not a layer
  dict.get('x', () => 3);
  // @ts-expect-error a module is not called as a function
  dict.get('e', Block, 3)(image);
  // @ts-expect-error a name is text
  dict.get(3, layers.flatten);
  // @ts-expect-error a scope comes before an index
  dict.get([3, 'a'], layers.flatten);
  // @ts-expect-error an image is not a string
  conv('image');
  // @ts-expect-error no such option
  conv(image, { train: true });
  // @ts-expect-error layer() is for layers
  layer(Block, 3);
  // @ts-expect-error a subclass's private parts stay private
  block.inNameScope(() => 1);

  return dict.get('code', layers.dense, { units: 1 })(hidden);
}

test('a subclass needs no boilerplate', () => {
  class Model extends Module {
    readonly dense = layer(layers.dense, { units: 1 });
  }
  expect(new Model().dense(tf.ones([1, 2])).shape).toEqual([1, 1]);
});
