import type { Case, Cases, Operand } from '../operands.js';
import { bools, complexes, edges, exactly, floats, ints, strings } from '../operands.js';

const SIZES = [[], [1], [3], [4], [17], [2, 3, 5], [0], [2, 0], [16385]];

function unary(
  kinds: { from?: number; to?: number; attrs?: object; exact?: boolean } = {},
): Case[] {
  const { from = -3, to = 3, attrs = {} } = kinds;
  const operands = [
    ...SIZES.map((shape) => floats(shape, from, to)),
    edges,
    ints([2, 7]),
    bools([5]),
  ];
  return operands.map((x) => ({ inputs: { x }, attrs: { ...attrs } }));
}

const BROADCASTS: [number[], number[]][] = [
  [[], []],
  [[5], []],
  [[], [5]],
  [[2, 3], [3]],
  [[3], [2, 3]],
  [
    [4, 1],
    [1, 5],
  ],
  [
    [2, 1, 3],
    [4, 1],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 4, 5],
  ],
  [
    [2, 1, 4, 1, 3],
    [3, 1, 2, 1],
  ],
  [
    [2, 2, 1, 2, 1, 2],
    [2, 1, 2, 3, 1],
  ],
  [[1, 1], [1]],
  [[0, 3], [3]],
  [
    [33, 17],
    [33, 1],
  ],
  [[16400], [1]],
  [[130, 130], [130]],
];

type Make = (shape: number[]) => Operand;

function binary(makes: [Make, Make?][], names: [string, string] = ['a', 'b']): Case[] {
  return makes.flatMap(([first, second = first], kind) =>
    (kind === 0 ? BROADCASTS : BROADCASTS.slice(0, 9)).map(([a, b]) => ({
      inputs: { [names[0]]: first(a), [names[1]]: second(b) },
    })),
  );
}

const real: [Make, Make?][] = [[floats], [ints], [bools], [floats, ints]];
const positive: Make = (shape) => floats(shape, 0.1, 3);
const divisor: Make = (shape) => ints(shape, 1, 6);
const special = exactly([0, -0, 1, -1, NaN, Infinity, -Infinity, 3, -3, 0.5, 1e30]);
const specialPairs: Case[] = special.values.map((value) => ({
  inputs: { a: special, b: exactly([value]) },
}));

export const elementwise: Cases = {
  Abs: unary(),
  Acos: unary({ from: -1, to: 1 }),
  Acosh: unary({ from: 1, to: 9 }),
  Asin: unary({ from: -1, to: 1 }),
  Asinh: unary(),
  Atan: unary(),
  Atanh: unary({ from: -0.9, to: 0.9 }),
  Ceil: unary(),
  Cos: unary(),
  Cosh: unary(),
  Elu: unary(),
  Erf: unary(),
  Exp: unary(),
  Expm1: unary(),
  Floor: unary(),
  IsFinite: unary(),
  IsInf: unary(),
  IsNan: unary(),
  LeakyRelu: unary({ attrs: { alpha: 0.2 } }),
  Log: unary({ from: 0.01, to: 9 }),
  Log1p: unary({ from: -0.9, to: 9 }),
  LogicalNot: [...[[], [1], [17], [2, 3], [0]].map((shape) => ({ inputs: { x: bools(shape) } }))],
  Neg: unary(),
  Reciprocal: unary({ from: 0.1 }),
  Relu: unary(),
  Relu6: unary({ from: -9, to: 9 }),
  Round: unary(),
  Rsqrt: unary({ from: 0.1, to: 9 }),
  Selu: unary(),
  Sigmoid: unary({ from: -20, to: 20 }),
  Sign: unary(),
  Sin: unary(),
  Sinh: unary(),
  Softplus: unary({ from: -30, to: 30 }),
  Sqrt: unary({ from: 0, to: 9 }),
  Square: unary(),
  Step: [...unary({ attrs: { alpha: 0 } }), ...unary({ attrs: { alpha: 0.3 } })],
  Tan: unary({ from: -1.5, to: 1.5 }),
  Tanh: unary({ from: -10, to: 10 }),
  ClipByValue: unary({ attrs: { clipValueMin: -1, clipValueMax: 1.5 } }),

  Add: [...binary([...real, [complexes]]), ...specialPairs],
  Sub: [...binary([...real, [complexes]]), ...specialPairs],
  Multiply: [...binary([...real, [complexes]]), ...specialPairs],
  RealDiv: [...binary([[floats], [ints, divisor]]), ...specialPairs],
  FloorDiv: [...binary([[floats], [ints, divisor], [ints]]), ...specialPairs],
  Mod: [...binary([[floats], [ints, divisor], [ints]]), ...specialPairs],
  Pow: [
    ...binary([
      [positive, floats],
      [ints, (shape) => ints(shape, 0, 4)],
    ]),
    ...specialPairs,
  ],
  Atan2: [...binary([[floats], [ints]]), ...specialPairs],
  SquaredDifference: [...binary(real), ...specialPairs],
  Maximum: [...binary(real), ...specialPairs],
  Minimum: [...binary(real), ...specialPairs],
  BitwiseAnd: binary([[(shape) => ints(shape, 0, 99)]]),
  Equal: [
    ...binary([[(shape) => ints(shape, 0, 3)], [floats], [bools], [strings]]),
    ...specialPairs,
  ],
  NotEqual: [
    ...binary([[(shape) => ints(shape, 0, 3)], [floats], [bools], [strings]]),
    ...specialPairs,
  ],
  Greater: [...binary(real), ...specialPairs],
  GreaterEqual: [...binary(real), ...specialPairs],
  Less: [...binary(real), ...specialPairs],
  LessEqual: [...binary(real), ...specialPairs],
  LogicalAnd: binary([[bools]]),
  LogicalOr: binary([[bools]]),
  EluGrad: [[5], [2, 3, 7], [16390], [0]].map((shape) => ({
    inputs: { dy: floats(shape), y: floats(shape, -1, 1) },
  })),
  Prelu: [...binary([[floats], [ints, floats]], ['x', 'alpha'])],
  Select: [
    ...[[5], [2, 3], [2, 3, 4, 5], [0]].flatMap((shape) =>
      [floats, ints, bools].map((make) => ({
        inputs: { condition: bools(shape), t: make(shape), e: make(shape) },
      })),
    ),
    { inputs: { condition: bools([3]), t: ints([3]), e: floats([3]) } },
    { inputs: { condition: bools([40000]), t: floats([40000]), e: floats([40000]) } },
  ],
  Cast: [
    ...(['float32', 'int32', 'bool'] as const).flatMap((dtype) =>
      [floats([2, 9]), edges, ints([17]), bools([19]), bools([0])].map((x) => ({
        inputs: { x },
        attrs: { dtype },
      })),
    ),
    {
      inputs: { x: exactly([1e9, -1e9, 2 ** 31, 2 ** 40 + 2 ** 20, 2 ** 63]) },
      attrs: { dtype: 'int32' },
    },
    { inputs: { x: complexes([3]) }, attrs: { dtype: 'float32' } },
    { inputs: { x: floats([3]) }, attrs: { dtype: 'complex64' } },
    { inputs: { x: complexes([3]) }, attrs: { dtype: 'complex64' } },
  ],
  AddN: [
    { inputs: [floats([2, 3]), floats([2, 3]), floats([2, 3])] },
    { inputs: [floats([5])] },
    { inputs: [ints([2, 3]), ints([2, 3])] },
  ],
};
