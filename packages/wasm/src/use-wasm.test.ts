import * as tf from '@tensorflow/tfjs-core';
import { backendInfo, useWasm } from '../dist/index.js';

afterEach(() => tf.engine().reset());

const compute = () =>
  tf.tidy(() => Array.from(tf.matMul(tf.fill([2, 3], 2), tf.ones([3, 1])).dataSync()));

test('the backend is selected, computes and says what it is', async () => {
  const info = await useWasm();
  expect(tf.getBackend()).toBe('ae-wasm');
  expect(compute()).toEqual([6, 6]);
  expect(backendInfo()).toBe(info);
  expect(info).toMatchObject({ backend: 'ae-wasm', simd: true, relaxedSimd: true });
});

test('it comes back after a reset, with the same options', async () => {
  await useWasm({ threads: 1, relaxedSimd: false });
  tf.engine().reset();
  expect(await tf.setBackend('ae-wasm')).toBe(true);
  expect(compute()).toEqual([6, 6]);
  expect(backendInfo()).toMatchObject({ threads: 1, relaxedSimd: false });
  tf.engine().reset();
  expect(await useWasm()).toMatchObject({ threads: 1, relaxedSimd: false });
  expect(compute()).toEqual([6, 6]);
});

test('a second call keeps the backend and its tensors', async () => {
  await useWasm({ threads: 1 });
  const x = tf.ones([2]);
  const backend = tf.backend();
  await Promise.all([useWasm(), useWasm({ threads: 1 })]);
  expect(tf.backend()).toBe(backend);
  expect(Array.from(x.dataSync())).toEqual([1, 1]);
});

test('other options need a backend without tensors', async () => {
  await useWasm({ threads: 1 });
  const x = tf.ones([2]);
  await expect(useWasm({ threads: 2 })).rejects.toThrow(/1 tensors' data live on it/);
  tf.dispose(x);
  expect(await useWasm({ threads: 2 })).toMatchObject({ threads: 2 });
  expect(compute()).toEqual([6, 6]);
});

test('missing files and wrong options are named, and nothing stays selected', async () => {
  await expect(useWasm({ wasmPath: '/no/such/folder' })).rejects.toThrow(
    /could not load \/no\/such\/folder\/tfjs-simd\.wasm.*useWasm\(\{ wasmPath \}\)/,
  );
  await expect(useWasm({ threads: 0 })).rejects.toThrow(RangeError);
  await expect(useWasm({ threads: 1.5 })).rejects.toThrow(/whole number from 1 to 64: 1\.5/);
  expect(await useWasm({ wasmPath: `${__dirname}/../dist` })).toMatchObject({ backend: 'ae-wasm' });
});

test('an engine without SIMD is refused', async () => {
  const validate = jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  await expect(useWasm()).rejects.toThrow(/needs WebAssembly SIMD/);
  validate.mockRestore();
});

test('the stock backend works beside it', async () => {
  await useWasm();
  const ours = tf.fill([2, 2], 2);
  const stock = await import('@tensorflow/tfjs-backend-wasm');
  const { dirname } = await import('node:path');
  const main = require.resolve('@tensorflow/tfjs-backend-wasm/package.json');
  stock.setWasmPaths(`${dirname(main)}/wasm-out/`);
  await tf.setBackend('wasm');
  const theirs = tf.fill([2, 2], 3);
  expect(Array.from(tf.transpose(theirs).dataSync())).toEqual([3, 3, 3, 3]);
  await useWasm();
  expect(Array.from(tf.matMul(ours, theirs).dataSync())).toEqual([12, 12, 12, 12]);
});
