// Every kernel within a program, on the cases that its backend is tested with.
import '@tensorflow/tfjs-backend-cpu';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { elementwise } from '../../wasm/src/conformance/cases/elementwise.js';
import { rare } from '../../wasm/src/conformance/cases/rare.js';
import { reduce } from '../../wasm/src/conformance/cases/reduce.js';
import { shape } from '../../wasm/src/conformance/cases/shape.js';
import { spatial } from '../../wasm/src/conformance/cases/spatial.js';
import { type Case, type Operand, toTensor } from '../../wasm/src/conformance/operands.js';
import { compile } from './index.js';

const cases: Record<string, Case[]> = { ...elementwise, ...reduce, ...shape, ...spatial, ...rare };
/** What is drawn at each call, and what makes up its input itself. */
const NOT_COMPARED = ['Multinomial', 'FromPixels', 'Draw'];

let warn: jest.SpyInstance;
beforeAll(async () => {
  await useWasm({ threads: 1 });
  warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
});
afterAll(() => warn.mockRestore());

const read = (outputs: tf.Tensor | tf.Tensor[]) =>
  [outputs].flat().map(({ dtype, shape: size }, i) => {
    const values = [outputs].flat()[i]!.dataSync() as ArrayLike<number | string>;
    return `${dtype}[${size}] ${Array.from(values, (value) => (Object.is(value, -0) ? '-0' : value)).join()}`;
  });

describe('on ae-wasm', () => {
  test.each(Object.keys(cases).filter((name) => !NOT_COMPARED.includes(name)))('%s', (name) => {
    for (const { inputs, attrs } of cases[name]!) {
      tf.tidy(() => {
        const convert = (operand: Operand | Operand[]) =>
          Array.isArray(operand) ? operand.map(toTensor) : toTensor(operand);
        const tensors = Array.isArray(inputs)
          ? inputs.map(toTensor)
          : Object.fromEntries(Object.entries(inputs).map(([key, each]) => [key, convert(each)]));
        const run = (all: typeof tensors) =>
          tf.engine().runKernel(name, all as tf.NamedTensorMap, attrs as tf.NamedAttrMap) as
            | tf.Tensor
            | tf.Tensor[];
        let expected: string[] | undefined;
        try {
          expected = read(run(tensors));
        } catch {
          return; // A case that is refused.
        }
        const compiled = compile(run);
        for (let i = 0; i < 2; i++) expect(read(compiled(tensors))).toEqual(expected);
        compiled.dispose();
      });
    }
  });
});
