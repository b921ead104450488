import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { compile } from './index.js';
import { type Instruction, instructions, interpret } from './testing/random-programs.js';

beforeAll(() => useWasm({ threads: 1 }));

const SHAPES = [[4, 6], [6, 4], [6], [4, 1], [], [4, 6]];

const state = (seed: number) =>
  SHAPES.map((shape, i) => tf.randomUniform(shape, -2, 2, 'float32', seed * 100 + i + 1));

/** Bits, in which any NaN equals another. */
const bits = (tensors: readonly tf.Tensor[]) =>
  tensors.map((tensor) =>
    Array.from(tensor.dataSync(), (value) => (Object.is(value, -0) ? '-0' : `${value}`)).join(),
  );

/** Runs `fn` three times on other inputs each, and gives all results and the variables in the end. */
function outcome(
  fn: (inputs: tf.Tensor[]) => tf.Tensor[],
  variables: readonly tf.Variable[],
): string[][] {
  return tf.tidy(() => {
    state(9).forEach((value, i) => {
      variables[i]!.assign(value);
    });
    const runs = [1, 2, 3].map((seed) => bits(fn(state(seed))));
    return [...runs, bits(variables)];
  });
}

/** Uses the program for results, for gradients by variables, and for new values of the variables. */
function step(program: readonly Instruction[], variables: readonly tf.Variable[]) {
  return (inputs: tf.Tensor[]): tf.Tensor[] => {
    const loss = () =>
      tf.addN(
        interpret(program, [...inputs, ...variables]).map((value) => tf.mean(tf.tanh(value))),
      ) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss, [...variables]);
    const gradients = variables.map((variable) => grads[variable.name]);
    variables.forEach((variable, i) => {
      const gradient = gradients[i];
      if (gradient) variable.assign(tf.sub(variable, tf.mul(gradient, 0.1)));
    });
    return [value, ...gradients.filter((gradient): gradient is tf.Tensor => gradient != null)];
  };
}

const inputsOf = (program: readonly Instruction[], inputs: tf.Tensor[]) =>
  interpret(program, inputs).concat(inputs[0]!);

describe.each(['cpu', 'ae-wasm'])('random programs on %s', (backend) => {
  let variables: tf.Variable[];
  beforeAll(async () => {
    await tf.setBackend(backend);
    variables = SHAPES.map((shape) => tf.variable(tf.zeros(shape)));
  });
  afterAll(() => tf.dispose(variables));

  test('give the eager results', () => {
    fc.assert(
      fc.property(instructions, (program) => {
        const eager = (inputs: tf.Tensor[]) => inputsOf(program, inputs);
        const compiled = compile(eager, { strict: true });
        const before = tf.memory().numTensors;
        expect(outcome(compiled, variables)).toEqual(outcome(eager, variables));
        compiled.dispose();
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 60 },
    );
  });

  test('let the eager gradients through', () => {
    fc.assert(
      fc.property(instructions, (program) => {
        const eager = (inputs: tf.Tensor[]) => interpret(program, [...inputs, ...variables]);
        const compiled = compile(eager);
        const through = (fn: typeof eager) => (inputs: tf.Tensor[]) => {
          const loss = () => tf.addN(fn(inputs).map((value) => tf.mean(tf.tanh(value))));
          const all = [...inputs, ...variables];
          const { value, grads } = tf.engine().gradients(loss, all, undefined, true);
          return [value, ...grads].filter((tensor) => tensor != null);
        };
        let expected: string[][] | undefined;
        try {
          expected = outcome(through(eager), variables);
        } catch {
          // tfjs has no gradient of some broadcasts.
        }
        fc.pre(expected !== undefined);
        const before = tf.memory().numTensors;
        expect(outcome(through(compiled), variables)).toEqual(expected);
        compiled.dispose();
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 40 },
    );
  });

  test('give the eager gradients and updates', () => {
    fc.assert(
      fc.property(instructions, (program) => {
        fc.pre(tf.tidy(() => interpret(program, [...state(0), ...variables]).length > 0));
        const eager = step(program, variables);
        const compiled = compile(eager, { strict: true });
        let expected: string[][] | undefined;
        try {
          expected = outcome(eager, variables);
        } catch {
          // Not every random program depends on a variable.
        }
        fc.pre(expected !== undefined);
        const before = tf.memory();
        expect(outcome(compiled, variables)).toEqual(expected);
        compiled.dispose();
        expect(tf.memory().numTensors).toBe(before.numTensors);
        expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
      }),
      { numRuns: 40 },
    );
  });
});
