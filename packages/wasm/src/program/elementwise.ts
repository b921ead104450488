import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import { type Code, Simd } from './wasm-writer.js';

/**
 * Elementwise kernels as instructions for four float32 at a time. Each is the same sequence as in
 * assembly/elementwise, so that fusing changes no bit.
 */

/** What the instructions of a kernel may use. */
export interface Lanes {
  readonly code: Code;
  /** Pushes operand number `index`. */
  operand(index: number): Code;
  /** Pushes a vector of four equal numbers, made once before the loop. */
  number(value: number): Code;
  /** Pushes a vector of four equal 32-bit patterns. */
  bits(value: number): Code;
  /** Takes what is on the stack into a variable; the result pushes it. */
  keep(): () => Code;
  /** Multiplies the lower two vectors on the stack, and adds the topmost. */
  multiplyAdd(): Code;
}

type Emit = (lanes: Lanes, attrs: NamedAttrMap) => void;

const binary =
  (instruction: number): Emit =>
  ({ code, operand }) => {
    operand(0);
    operand(1);
    code.simd(instruction);
  };

const unary =
  (instruction: number): Emit =>
  ({ code, operand }) => {
    operand(0);
    code.simd(instruction);
  };

/**
 * What the exponential activations share: p and 2^n of e^t = 2^n (1 + p), for t <= 0 on the stack.
 *
 * @param ln2 -ln(2), in one part or two
 */
function exponential(lanes: Lanes, ln2: readonly number[]): { p: () => Code; power: () => Code } {
  const { code, number } = lanes;
  number(-88);
  code.simd(Simd.PMax);
  const t = lanes.keep();
  t();
  number(Math.LOG2E);
  number(12582912);
  lanes.multiplyAdd();
  const shifted = lanes.keep();
  shifted();
  number(12582912);
  code.simd(Simd.Sub);
  const whole = lanes.keep();
  let r = t;
  for (const part of ln2) {
    whole();
    number(part);
    r();
    lanes.multiplyAdd();
    r = lanes.keep();
  }
  const [first, ...others] = COEFFICIENTS;
  number(first!);
  for (const coefficient of others) {
    r();
    number(coefficient);
    lanes.multiplyAdd();
  }
  r();
  r();
  code.simd(Simd.Mul);
  r();
  lanes.multiplyAdd();
  const p = lanes.keep();
  shifted();
  code.constant(23).simd(Simd.ShiftLeft);
  number(1);
  code.simd(Simd.AddInteger);
  return { p, power: lanes.keep() };
}

/** Of assembly/elementwise/exponential.ts; a test compares the bits. */
const COEFFICIENTS = [1.394644845e-3, 8.366581984e-3, 4.166628048e-2, 1.666654348e-1, 0.5];

/** 2^n (1 + p) - 1 */
function expm1(lanes: Lanes): void {
  const { p, power } = exponential(lanes, [-Math.LN2]);
  p();
  power();
  power();
  lanes.number(1);
  lanes.code.simd(Simd.Sub);
  lanes.multiplyAdd();
}

/** Takes the vector below the topmost where operand 0 is at least 0, and the topmost elsewhere. */
function whereNotNegative({ code, operand, number }: Lanes, index = 0): void {
  operand(index);
  number(0);
  code.simd(Simd.GreaterEqual).simd(Simd.Select);
}

export const ELEMENTWISE: Readonly<Record<string, Emit>> = {
  Add: binary(Simd.Add),
  Sub: binary(Simd.Sub),
  Multiply: binary(Simd.Mul),
  RealDiv: binary(Simd.Div),
  Maximum: binary(Simd.Max),
  Minimum: binary(Simd.Min),
  SquaredDifference: (lanes) => {
    binary(Simd.Sub)(lanes, {});
    const difference = lanes.keep();
    difference();
    difference().simd(Simd.Mul);
  },
  EluGrad: (lanes) => {
    const { operand, number, code } = lanes;
    operand(0);
    operand(0);
    operand(1);
    number(1);
    code.simd(Simd.Add).simd(Simd.Mul);
    whereNotNegative(lanes, 1);
  },
  Abs: unary(Simd.Abs),
  Neg: unary(Simd.Neg),
  Sqrt: unary(Simd.Sqrt),
  Square: ({ operand }) => {
    operand(0);
    operand(0).simd(Simd.Mul);
  },
  Reciprocal: ({ number, operand }) => {
    number(1);
    operand(0).simd(Simd.Div);
  },
  Relu: ({ operand, number }) => {
    operand(0);
    number(0).simd(Simd.Max);
  },
  ClipByValue: ({ operand, number }, { clipValueMin, clipValueMax }) => {
    operand(0);
    number(clipValueMax as number).simd(Simd.PMin);
    number(clipValueMin as number).simd(Simd.PMax);
  },
  Elu: (lanes) => {
    lanes.operand(0);
    lanes.operand(0);
    expm1(lanes);
    whereNotNegative(lanes);
  },
  Sigmoid: (lanes) => {
    const { code, operand, number } = lanes;
    operand(0).simd(Simd.Abs).simd(Simd.Neg);
    const { p, power } = exponential(lanes, [-0.693359375, 2.1219444e-4]);
    p();
    power();
    power();
    lanes.multiplyAdd();
    const e = lanes.keep();
    number(1);
    e();
    whereNotNegative(lanes);
    number(1);
    e();
    code.simd(Simd.Add).simd(Simd.Div);
  },
  Tanh: (lanes) => {
    const { code, operand, number, bits } = lanes;
    operand(0);
    operand(0).simd(Simd.Abs);
    number(-2).simd(Simd.Mul);
    expm1(lanes);
    const e = lanes.keep();
    e().simd(Simd.Neg);
    e();
    number(2).simd(Simd.Add).simd(Simd.Div);
    bits(0x80000000);
    code.simd(Simd.Select);
  },
};

/** Those of two operands, either of which may be a scalar. */
export const BROADCASTING: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Multiply',
  'RealDiv',
  'Maximum',
  'Minimum',
  'SquaredDifference',
]);

/** The operands of the kernels that do not call them `x`, or `a` and `b`. */
export const OPERAND_NAMES: Readonly<Record<string, readonly string[]>> = {
  EluGrad: ['dy', 'y'],
};
