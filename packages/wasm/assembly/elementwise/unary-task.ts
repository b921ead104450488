// Large tensors: the elementwise kernels in blocks, for as many threads as there are.
import { elu, selu, sigmoid, tanh } from './exponential';
import {
  abs, neg, square, sqrt, rsqrt, reciprocal, ceil, floor,
  round, sign, step, exp, expm1, log, log1p, erf, softplus,
  relu, relu6, leakyRelu, clipByValue,
} from './unary';

/** Elements of one task: 64 KiB in and 64 KiB out, which the second-level cache holds. */
const BLOCK: i32 = 16384;

/** In the order of UNARY in src/kernels/elementwise/unary.ts. */
const enum Op {
  Abs, Neg, Square, Sqrt, Rsqrt, Reciprocal, Ceil, Floor, Round,
  Sign, Step, Exp, Expm1, Log, Log1p, Erf, Softplus, Relu,
  Relu6, LeakyRelu, ClipByValue, Elu, Selu, Sigmoid, Tanh,
}

/** Words: op, x, y, n, alpha, beta, constants. */
export function unaryTask(args: usize, task: i32, _worker: i32): void {
  const start = task * BLOCK;
  const x = load<usize>(args, 4) + (<usize>start << 2);
  const y = load<usize>(args, 8) + (<usize>start << 2);
  const n = min(load<i32>(args, 12) - start, BLOCK);
  const alpha = load<f32>(args, 16);
  const beta = load<f32>(args, 20);
  const constants = load<usize>(args, 24);
  switch (load<i32>(args)) {
    case Op.Abs: return abs(x, y, n);
    case Op.Neg: return neg(x, y, n);
    case Op.Square: return square(x, y, n);
    case Op.Sqrt: return sqrt(x, y, n);
    case Op.Rsqrt: return rsqrt(x, y, n);
    case Op.Reciprocal: return reciprocal(x, y, n);
    case Op.Ceil: return ceil(x, y, n);
    case Op.Floor: return floor(x, y, n);
    case Op.Round: return round(x, y, n);
    case Op.Sign: return sign(x, y, n);
    case Op.Step: return step(x, y, n, alpha);
    case Op.Expm1: return expm1(x, y, n);
    case Op.Log: return log(x, y, n);
    case Op.Log1p: return log1p(x, y, n);
    case Op.Erf: return erf(x, y, n);
    case Op.Softplus: return softplus(x, y, n);
    case Op.Relu: return relu(x, y, n);
    case Op.Relu6: return relu6(x, y, n);
    case Op.LeakyRelu: return leakyRelu(x, y, n, alpha);
    case Op.ClipByValue: return clipByValue(x, y, n, alpha, beta);
    case Op.Exp: return exp(x, y, n);
    case Op.Elu: return elu(x, y, n, constants);
    case Op.Selu: return selu(x, y, n, constants);
    case Op.Sigmoid: return sigmoid(x, y, n, constants);
    case Op.Tanh: return tanh(x, y, n, constants);
    default: unreachable();
  }
}
