/**
 * Learn to write a layer of your own, and to share weights: the decoder uses the encoder's kernel
 * the other way round, and there is one variable for both.
 */
import { fromArrays } from '@ae/data';
import { Module } from '@ae/module';
import { fillNormal, foldIn } from '@ae/random';
import { adam, fit } from '@ae/train';
import { useWasm } from '@ae/wasm';
import '@tensorflow/tfjs-layers'; // brings the gradients of tfjs-core's operations
import * as tf from '@tensorflow/tfjs-core';

/** A layer is a module with variables. There is nothing to register. */
class Projection extends Module {
  readonly kernel: tf.Variable<tf.Rank.R2>;

  constructor(inputs: number, outputs: number, seed: number) {
    super();
    const values = fillNormal(seed, new Float32Array(inputs * outputs), 0, inputs ** -0.5);
    this.kernel = tf.variable(tf.tensor2d(values, [inputs, outputs]));
  }

  /** `[n, inputs]` to `[n, outputs]` */
  call(x: tf.Tensor2D): tf.Tensor2D {
    return tf.matMul(x, this.kernel);
  }
}

/** `[n, outputs]` to `[n, inputs]`, with the kernel of a projection and a bias of its own. */
class Transposed extends Module {
  readonly projection: Projection;
  readonly bias: tf.Variable<tf.Rank.R1>;

  constructor(projection: Projection) {
    super();
    this.projection = projection;
    this.bias = tf.variable(tf.zeros<tf.Rank.R1>([projection.kernel.shape[0]]));
  }

  call(x: tf.Tensor2D): tf.Tensor2D {
    return tf.add(tf.matMul(x, this.projection.kernel, false, true), this.bias);
  }
}

class TiedAutoEncoder extends Module {
  readonly encoder = new Projection(16, 3, 0);
  readonly decoder = new Transposed(this.encoder);

  call(x: tf.Tensor2D): tf.Tensor2D {
    return this.decoder.call(this.encoder.call(x));
  }
}

/** Points in 16 dimensions that lie in 3 of them. */
function points(count: number): Float32Array {
  const basis = fillNormal(foldIn(1, 'basis'), new Float32Array(3 * 16));
  const places = fillNormal(foldIn(1, 'places'), new Float32Array(count * 3));
  return Float32Array.from({ length: count * 16 }, (_, index) => {
    const [row, column] = [Math.floor(index / 16), index % 16];
    return [0, 1, 2].reduce((sum, k) => sum + places[row * 3 + k]! * basis[k * 16 + column]!, 1);
  });
}

await useWasm();
const model = new TiedAutoEncoder();
// Each variable once, though the kernel can be reached in two ways.
for (const [path, { shape }] of model.namedVariables()) console.log(path, JSON.stringify(shape));

const history = await fit({
  model,
  data: fromArrays({ x: { data: points(640), shape: [16] } })
    .shuffle(0)
    .batch(32),
  loss: (model, { x }) => tf.mean(tf.squaredDifference(x, model.call(x))),
  optimizer: adam({ learningRate: 1e-2 }),
  epochs: 20,
});
console.log('first epoch:', history.epochs[0]!.loss.toFixed(4));
console.log('last epoch:', history.loss.toFixed(4));
