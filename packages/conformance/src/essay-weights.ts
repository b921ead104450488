import { AutoEncoder, LazyAutoEncoder } from '@ae/models';
import type { Module, StateDict, TensorValue } from '@ae/module';
import * as tf from '@tensorflow/tfjs-core';
import { draw, readJson, sizeOf } from './reference.js';

/** The two styles of the essay. */
export const STYLES: Readonly<
  Record<'AutoEncoder' | 'LazyAutoEncoder', new () => Module & EitherAutoEncoder>
> = { AutoEncoder, LazyAutoEncoder };

/** What both have. */
export type EitherAutoEncoder = AutoEncoder | LazyAutoEncoder;

const { seed } = readJson<{ seed: number }>('essay');

/** The starting weights of `reference/essay.py`: Glorot's range for kernels, 0.05 for biases. */
export function initialValue(path: string, shape: readonly number[]): TensorValue {
  let limit = 0.05;
  if (shape.length > 1) {
    const taps = sizeOf(shape.slice(0, -2));
    limit = Math.sqrt(6 / (taps * (shape.at(-1)! + shape.at(-2)!)));
  }
  return { dtype: 'float32', shape, data: draw(seed, [path], shape, -limit, limit) };
}

/** Builds a model's layers and gives them the starting weights. */
export function start(model: Module & EitherAutoEncoder): void {
  tf.tidy(() => model.decode(model.encode(tf.zeros([1, 28, 28, 1]))));
  const state: StateDict = new Map();
  for (const [path, { shape }] of model.namedVariables()) {
    state.set(path, initialValue(path, shape));
  }
  model.loadStateDict(state);
}
