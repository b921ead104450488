import * as tf from '@tensorflow/tfjs-core';
import { backendInfo, useWasm } from '../dist/index.js';

test('the backend computes, and again after a reset', async () => {
  await useWasm();
  expect(tf.getBackend()).toBe('ae-wasm');
  expect(backendInfo()).toMatchObject({ backend: 'ae-wasm', simd: true });
  expect(Array.from(tf.matMul(tf.fill([2, 3], 2), tf.ones([3, 1])).dataSync())).toEqual([6, 6]);
  tf.engine().reset();
  await tf.setBackend('ae-wasm');
  expect(Array.from(tf.fill([3], 7).dataSync())).toEqual([7, 7, 7]);
});
