import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { adam, type Optimizer, sgd } from '../index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function variable(...values: number[]): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor1d(values)));
}

/** Takes steps with these gradients, which may name only some of the variables. */
function steps(
  optimizer: Optimizer,
  variables: Map<string, tf.Variable>,
  gradients: Record<string, number>[],
): Record<string, number> {
  for (const each of gradients) {
    tf.tidy(() => {
      const named = Object.entries(each).map(([path, g]) => [path, tf.tensor1d([g])] as const);
      optimizer.apply(new Map(named), variables);
    });
  }
  return Object.fromEntries([...variables].map(([path, v]) => [path, v.dataSync()[0]!]));
}

test('a variable moves as it would alone, whatever happens to others', () => {
  const alone = steps(adam({ learningRate: 0.1 }), new Map([['b', variable(1)]]), [
    { b: 1 },
    { b: -3 },
    { b: 2 },
  ]);
  const variables = new Map([
    ['a', variable(1)],
    ['b', variable(1)],
  ]);
  const optimizer = adam({ learningRate: 0.1 });
  steps(optimizer, variables, [{ a: 5, b: 1 }, { a: 2 }, { b: -3 }]);
  variables.set('0 late', variable(1)); // sorts before the others
  steps(optimizer, variables, [{ '0 late': 4 }, { '0 late': 4, b: 2, a: 1 }]);
  expect(variables.get('b')!.dataSync()[0]).toBe(alone.b);
  const late = steps(adam({ learningRate: 0.1 }), new Map([['x', variable(1)]]), [
    { x: 4 },
    { x: 4 },
  ]);
  expect(variables.get('0 late')!.dataSync()[0]).toBe(late.x);
  expect(optimizer.step).toBe(5);
});

test('the mask decides what decays', () => {
  const variables = new Map([
    ['dense/kernel', variable(2)],
    ['dense/bias', variable(2)],
  ]);
  const optimizer = sgd({
    learningRate: 0.5,
    weightDecay: 0.1,
    weightDecayMask: (path) => path.endsWith('/kernel'),
  });
  const zero = { 'dense/kernel': 0, 'dense/bias': 0 };
  const after = steps(optimizer, variables, [zero]);
  expect(after['dense/bias']).toBe(2);
  expect(after['dense/kernel']).toBeCloseTo(2 - 2 * 0.5 * 0.1, 6);
});

test('a state is taken over exactly, also for a variable that comes later', () => {
  const make = () => new Map([['a', variable(1)]]);
  const gradients = [{ a: 1 }, { a: 0.3 }, { a: -2 }, { a: 0.1 }];
  const whole = make();
  steps(adam(), whole, gradients);
  const first = adam();
  const parts = make();
  steps(first, parts, gradients.slice(0, 2));
  first.learningRateScale = 0.5;
  const state = first.state();
  expect(state).toMatchObject({
    name: 'adam',
    step: 2,
    updates: [['a', 2]],
    learningRateScale: 0.5,
  });
  expect([...state.slots.keys()]).toEqual(['a/firstMoment', 'a/secondMoment']);
  const second = adam();
  second.load({ ...state, learningRateScale: 1 });
  steps(second, parts, gradients.slice(2));
  expect(parts.get('a')!.dataSync()).toEqual(whole.get('a')!.dataSync());
});

test('leaves no tensors when it is offloaded or disposed of', () => {
  const variables = new Map([['a', variable(1)]]);
  const before = tf.memory().numTensors;
  const optimizer = adam({ clip: { globalNorm: 1 } });
  steps(optimizer, variables, [{ a: 1 }]);
  expect(tf.memory().numTensors).toBe(before + 2);
  steps(
    optimizer,
    variables,
    Array.from({ length: 20 }, () => ({ a: 1 })),
  );
  expect(tf.memory().numTensors).toBe(before + 2);
  optimizer.offload();
  expect(tf.memory().numTensors).toBe(before);
  steps(optimizer, variables, [{ a: 1 }]);
  expect(tf.memory().numTensors).toBe(before + 2);
  optimizer.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('says what does not fit', () => {
  const variables = new Map([['a', variable(1)]]);
  expect(() => steps(adam(), variables, [{ b: 1 }])).toThrow(
    'a gradient for "b", but no trainable',
  );
  variables.get('a')!.trainable = false;
  expect(() => steps(adam(), variables, [{ a: 1 }])).toThrow(
    'a gradient for "a", but no trainable',
  );
  const wide = new Map([['a', variable(1, 2)]]);
  expect(() => steps(adam(), wide, [{ a: 1 }])).toThrow('has shape [1], the variable [2]');
  expect(() => adam().load(sgd().state())).toThrow('belongs to the optimizer "sgd", not "adam"');
  const other = adam();
  steps(other, new Map([['a', variable(1)]]), [{ a: 1 }]);
  const wrong = adam();
  wrong.load(other.state());
  expect(() => tf.tidy(() => wrong.apply(new Map([['a', tf.tensor1d([1, 2])]]), wide))).toThrow(
    '"a/firstMoment" has shape [1], the variable [2]',
  );
});

describe('a fused kernel', () => {
  const calls: string[] = [];
  const register = (kernelName: string): void => {
    tf.registerKernel({
      kernelName,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        calls.push(`${kernelName} ${JSON.stringify(attrs)}`);
        const { gradients: _, ...others } = inputs as unknown as Record<string, tf.Tensor[]>;
        return Object.values(others).flatMap((group) => group.map((tensor) => tf.add(tensor, 1)));
      },
    });
  };

  afterEach(() => {
    tf.unregisterKernel('AdamUpdate', 'cpu');
    tf.unregisterKernel('SgdUpdate', 'cpu');
    calls.length = 0;
  });

  test('is called once for all variables of a step, with what it needs', () => {
    register('AdamUpdate');
    register('SgdUpdate');
    const variables = new Map([
      ['a', variable(1)],
      ['b', variable(2)],
    ]);
    const optimizer = adam({
      learningRate: 0.5,
      weightDecay: 0.1,
      weightDecayMask: (path) => path === 'a',
    });
    const after = steps(optimizer, variables, [{ a: 1, b: 1 }]);
    expect(after).toEqual({ a: 2, b: 3 });
    const stepSize = (0.5 * Math.sqrt(1 - 0.999)) / (1 - 0.9);
    expect(calls).toEqual([
      `AdamUpdate ${JSON.stringify({ stepSize, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, decay: [0.05, 0], inPlace: true })}`,
    ]);
    steps(sgd({ learningRate: 0.5 }), variables, [{ a: 1, b: 1 }]);
    expect(calls[1]).toBe(
      `SgdUpdate ${JSON.stringify({ learningRate: 0.5, momentum: 0, nesterov: false, decay: [0, 0], inPlace: true })}`,
    );
  });
});
