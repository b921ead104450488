// Trains a small auto-encoder for 10,000 steps and prints what is in memory early and at the end.
// A program of its own, since Jest makes every step ten times as long.
import tf from '@tensorflow/tfjs-core';
// Registers the gradients.
import '@tensorflow/tfjs-layers';
import { useWasm } from '../../dist/index.js';

await useWasm();
const x = tf.randomUniform([4, 8], 0, 1, 'float32', 1);
const variables = [[8, 3], [3], [3, 8], [8]].map((shape, i) =>
  tf.variable(tf.randomUniform(shape, -0.5, 0.5, 'float32', i)),
);
const moments = [0, 1].map(() => variables.map((each) => tf.variable(tf.zerosLike(each))));
const [w1, b1, w2, b2] = variables;

function loss() {
  const code = tf.elu(tf.add(tf.matMul(x, w1), b1));
  const decoded = tf.sigmoid(tf.add(tf.matMul(code, w2), b2));
  return tf.mean(tf.squaredDifference(x, decoded));
}

function step() {
  tf.tidy(() => {
    const { grads } = tf.variableGrads(loss);
    const updated = tf.engine().runKernel(
      'AdamUpdate',
      {
        values: variables,
        gradients: variables.map(({ name }) => grads[name]),
        firstMoments: moments[0],
        secondMoments: moments[1],
      },
      { stepSize: 0.003, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: [0, 0, 0, 0] },
    );
    for (const [i, variable] of [...variables, ...moments[0], ...moments[1]].entries()) {
      variable.assign(updated[i]);
    }
  });
}

function state() {
  const { heapBytes, tensorBytes, scratchBytes } = tf.backend().heap;
  const { numTensors, numDataBuffers } = tf.memory();
  return { numTensors, numDataBuffers, heapBytes, tensorBytes, scratchBytes };
}

const lossNow = () => tf.tidy(() => loss().dataSync()[0]);
const before = lossNow();
for (let i = 0; i < 100; i++) step();
const early = state();
for (let i = 100; i < 10_000; i++) step();
console.log(JSON.stringify({ early, late: state(), before, after: lossNow() }));
