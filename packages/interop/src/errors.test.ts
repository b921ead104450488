import type { Variable } from '@tensorflow/tfjs-core';
import { fromKeras, fromPyTorch, fromTensorFlow, toKeras } from './index.js';

// Whether the weights are right is tested in packages/conformance, on files of Keras and PyTorch.

const model = (shapes: Record<string, number[]>) => ({
  namedVariables: () =>
    new Map(Object.entries(shapes).map(([path, shape]) => [path, { shape } as Variable])),
});

const value = { dtype: 'float32', shape: [1], data: new Float32Array(1) } as const;

test('bytes that are no file of Keras are refused', async () => {
  const target = model({ 'a/kernel': [1] });
  await expect(fromKeras(new Uint8Array(100), target)).rejects.toThrow('no HDF5 file');
  const archive = Uint8Array.from([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]);
  await expect(fromKeras(archive, target)).rejects.toThrow('no model.weights.h5');
  const cutOff = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0];
  await expect(fromKeras(Uint8Array.from(cutOff), target)).rejects.toThrow('damaged or cut off');
});

test('a model without variables says what to do', () => {
  expect(() => fromTensorFlow(new Map(), model({}))).toThrow('Call it once on an example first');
});

test('a rename that applies to nothing is refused, and says what there is', () => {
  const state = new Map([['enc1.weight', value]]);
  const options = { rename: { enc2: 'first' } };
  expect(() => fromPyTorch(state, model({ 'a/kernel': [1] }), options)).toThrow(
    "nothing called 'enc2'. It has: enc1/weight",
  );
});

test('of several renames the longest applies, to whole names only', () => {
  const names = ['block.0.weight', 'block.1.weight', 'blocks.weight'];
  const state = new Map(names.map((name) => [name, value]));
  const rename = { block: 'all', 'block/1': 'second' };
  const found = fromPyTorch(state, model({ 'x/gamma': [1] }), { rename });
  expect([...found.keys()]).toEqual(['all/0/weight', 'second/weight', 'blocks/weight']);
});

test('a checkpoint loses its own additions', () => {
  const names = [
    'model/enc1/_kernel/.ATTRIBUTES/VARIABLE_VALUE',
    'model/enc1/_kernel/.OPTIMIZER_SLOT/optimizer/m/.ATTRIBUTES/VARIABLE_VALUE',
    'save_counter/.ATTRIBUTES/VARIABLE_VALUE',
    'optimizer/_variables/2/.ATTRIBUTES/VARIABLE_VALUE',
    'model/gru/cell/recurrent_kernel/.ATTRIBUTES/VARIABLE_VALUE',
    'enc2/kernel:0',
  ];
  const target = model({
    'enc1/kernel': [1],
    'enc2/kernel': [1],
    'gru/recurrent_kernel': [1],
  });
  const state = new Map(names.map((name) => [name, value]));
  const found = fromTensorFlow(state, target, { rename: { model: '' } });
  expect([...found.keys()]).toEqual(['enc1/kernel', 'gru/recurrent_kernel', 'enc2/kernel']);
});

test('a file that lacks a place, or has another shape, is not written into', async () => {
  const make = (shapes: Record<string, number[]>) => ({
    ...model(shapes),
    stateDict: () =>
      new Map(
        Object.entries(shapes).map(([path, shape]) => {
          const size = shape.reduce((a, b) => a * b, 1);
          return [path, { dtype: 'float32' as const, shape, data: new Float32Array(size) }];
        }),
      ),
  });
  const like = await toKeras(make({ 'a/kernel': [2, 3], 'a/bias': [3] }));
  const more = make({ 'a/kernel': [2, 3], 'a/bias': [3], 'b/kernel': [1] });
  await expect(toKeras(more, { like })).rejects.toThrow("no place for 'b/kernel'");
  const other = make({ 'a/kernel': [3, 2], 'a/bias': [3] });
  await expect(toKeras(other, { like })).rejects.toThrow('[3,2]');
  const fewer = make({ 'a/kernel': [2, 3] });
  await expect(toKeras(fewer, { like })).rejects.toThrow("'a/vars/1', which the module lacks");
});
