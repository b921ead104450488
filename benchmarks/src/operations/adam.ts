import { adam as adamOptimizer } from '@ae/train';
import * as tf from '@tensorflow/tfjs-core';
import type { Case } from '../case.js';
import { ALL, codeShape } from '../layers.js';

/** One Adam step over the auto-encoder's 583 thousand parameters. */
export const adam: readonly Case[] = [
  {
    name: 'adam/583k',
    flops: undefined,
    peers: ['stock-wasm', 'stock-cpu'],
    tfjs: () => {
      const variables = parameterShapes().map((shape) => tf.variable(tf.zeros(shape)));
      const gradients = parameterShapes().map((shape) => tf.fill(shape, 0.01));
      const isOurs = tf.getBackend() === 'ae-wasm';
      return { run: isOurs ? ours(variables, gradients) : stock(variables, gradients), dispose };
      function dispose(): void {
        tf.dispose([...variables, ...gradients]);
      }
    },
  },
];

function ours(variables: tf.Variable[], gradients: tf.Tensor[]): () => void {
  const optimizer = adamOptimizer({ learningRate: 1e-3 });
  const source = new Map(variables.map((variable, i) => [`variable${i}`, variable]));
  const byPath = new Map(gradients.map((gradient, i) => [`variable${i}`, gradient]));
  return () => optimizer.apply(byPath, source);
}

function stock(variables: tf.Variable[], gradients: tf.Tensor[]): () => void {
  const optimizer = tf.train.adam(1e-3);
  const byName = variables.map(({ name }, i) => ({ name, tensor: gradients[i]! }));
  return () => optimizer.applyGradients(byName);
}

function parameterShapes(): number[][] {
  const layers = ALL.filter(({ name }) => /^(conv|dec)\d$/.test(name));
  const convolutions = layers.flatMap((layer) => {
    const isDecoder = layer.name.startsWith('dec');
    const outputs = isDecoder ? layer.filter[2] : codeShape(layer)[3];
    return [[...layer.filter], [outputs]];
  });
  return [...convolutions, [128, 64], [64]];
}
