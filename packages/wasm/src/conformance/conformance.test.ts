import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { useWasm } from '../../dist/index.js';
import { elementwise } from './cases/elementwise.js';
import { rare } from './cases/rare.js';
import { reduce } from './cases/reduce.js';
import { shape } from './cases/shape.js';
import { spatial } from './cases/spatial.js';
import type { Case, Operand } from './operands.js';
import { toTensor } from './operands.js';

const cases = { ...elementwise, ...reduce, ...shape, ...spatial, ...rare };

/** What a kernel cannot be given in a test: a canvas. */
const UNTESTED = ['Draw'];

interface Result {
  dtype: string;
  shape: number[];
  values: ArrayLike<number | string>;
}

function compute(kernelName: string, { inputs, attrs }: Case): Result[] | string {
  const convert = (operand: Operand | Operand[]) =>
    Array.isArray(operand) ? operand.map(toTensor) : toTensor(operand);
  tf.engine().startScope();
  try {
    const tensors = Array.isArray(inputs)
      ? inputs.map(toTensor)
      : Object.fromEntries(Object.entries(inputs).map(([name, each]) => [name, convert(each)]));
    const outputs = tf.engine().runKernel(kernelName, tensors as never, attrs as never);
    return ([outputs].flat() as tf.Tensor[]).map((output) => ({
      dtype: output.dtype,
      shape: output.shape,
      values: output.dataSync() as ArrayLike<number | string>,
    }));
  } catch (error) {
    return `throws ${(error as Error).message}`;
  } finally {
    tf.engine().endScope();
  }
}

/** The first difference between two results, in words. */
function difference(expected: Result[], actual: Result[], tolerance = 2e-6): string | undefined {
  for (const [i, want] of expected.entries()) {
    const got = actual[i];
    if (got === undefined) return `output ${i} is missing`;
    if (got.dtype !== want.dtype) return `type ${got.dtype} for ${want.dtype}`;
    if (String(got.shape) !== String(want.shape)) return `shape ${got.shape} for ${want.shape}`;
    if (got.values.length !== want.values.length) return `${got.values.length} values`;
    for (let j = 0; j < want.values.length; j++) {
      const a = want.values[j]!;
      const b = got.values[j]!;
      if (Object.is(a, b) || a === b) continue;
      if (typeof a === 'number' && typeof b === 'number') {
        if (Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a))) continue;
      }
      return `value ${j} is ${b} for ${a}`;
    }
  }
  return expected.length === actual.length ? undefined : `${actual.length} outputs`;
}

beforeAll(async () => {
  await useWasm();
});

test('every kernel of the CPU backend has a case and is on ae-wasm', () => {
  const names = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
  expect(names.filter((name) => !(name in cases)).sort()).toEqual(UNTESTED);
  expect(names.filter((name) => !tf.getKernel(name, 'ae-wasm'))).toEqual([]);
});

test.each(Object.keys(cases))('%s gives what the CPU backend gives', async (name) => {
  const list = cases[name]!;
  await tf.setBackend('cpu');
  const expected = list.map((each) => compute(name, each));
  await tf.setBackend('ae-wasm');
  const before = tf.memory().numTensors;
  const found = list.flatMap((each, i) => {
    const actual = compute(name, each);
    const want = expected[i]!;
    const problem =
      typeof want === 'string'
        ? `the CPU backend ${want}`
        : typeof actual === 'string'
          ? actual
          : difference(want, actual, each.tolerance);
    return problem ? [`${nameOf(each)}: ${problem}`] : [];
  });
  expect(found).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});

function nameOf({ inputs, attrs }: Case): string {
  const text = (operand: Operand | Operand[]): string =>
    Array.isArray(operand)
      ? `(${operand.map(text).join(', ')})`
      : `${operand.dtype}[${operand.shape}]`;
  return `${Object.entries(inputs)
    .map(([name, operand]) => `${name} ${text(operand)}`)
    .join(', ')} ${JSON.stringify(attrs ?? {})}`;
}
