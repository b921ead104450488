import * as tf from '@tensorflow/tfjs-core';
import { onEachBackend } from './backends.js';
import { type LayerCase, referenceOf, runCase } from './layer-case.js';
import { expectClose } from './measure.js';
import { readJson, readTensors } from './reference.js';

const cases = readJson<LayerCase[]>('layers');
const tensors = readTensors('layers');

onEachBackend(() => {
  test.each(cases.map((spec) => [spec.name, spec] as const))('%s', (_, spec) => {
    const expected = referenceOf(spec, tensors);
    const before = tf.memory().numTensors;
    const actual = runCase(spec, expected.get('output')!.shape);
    expect(tf.memory().numTensors).toBe(before);
    expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, { shape, data }] of expected) {
      const [result, quantity] = [actual.get(name)!, name.split(' ')[0]!];
      expect(result.shape).toEqual(shape);
      const kind =
        quantity === 'gradient' ? 'layers: gradients' : 'layers: outputs and moving averages';
      expectClose(kind, result.data, data, quantity === 'gradient' ? 1e-5 : 2e-6);
    }
  });
});
