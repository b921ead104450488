import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { floatBits } from '../../backend/task-runner.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { BLOCK } from './block.js';
import { constantsOf } from './constants.js';

/** Kernels of one float32 operand; the order is that of `Op` in assembly/elementwise/unary-task.ts. */
const UNARY = [
  'abs',
  'neg',
  'square',
  'sqrt',
  'rsqrt',
  'reciprocal',
  'ceil',
  'floor',
  'round',
  'sign',
  'step',
  'exp',
  'expm1',
  'log',
  'log1p',
  'erf',
  'softplus',
  'relu',
  'relu6',
  'leakyRelu',
  'clipByValue',
  'elu',
  'selu',
  'sigmoid',
  'tanh',
] as const;

type Unary = (typeof UNARY)[number];

const codes = new Map<Unary, number>(UNARY.map((name, code) => [name, code]));
const FIRST_EXPONENTIAL = codes.get('elu')!;

/** A new tensor with `op` of each element of the float32 tensor `x`. */
function computeUnary(
  backend: AeWasmBackend,
  op: Unary,
  x: TensorInfo,
  alpha = 0,
  beta = 0,
): TensorInfo {
  const size = tf.util.sizeFromShape(x.shape);
  const output = backend.output(x.shape, 'float32');
  const from = backend.pointer(x);
  const to = backend.pointer(output);
  const code = codes.get(op)!;
  if (size > BLOCK) {
    const args = [code, from, to, size, floatBits(alpha), floatBits(beta), constantsOf(backend)];
    backend.run('unaryTask', args, Math.ceil(size / BLOCK));
  } else {
    const kernel = backend.kernels[op] as (...args: number[]) => void;
    kernel(from, to, size, code < FIRST_EXPONENTIAL ? alpha : constantsOf(backend), beta);
  }
  return output;
}

interface UnaryAttributes {
  alpha?: number;
  clipValueMin?: number;
  clipValueMax?: number;
}

function unaryKernel(kernelName: string, op: Unary): KernelConfig {
  return defineKernel<{ x: TensorInfo }, UnaryAttributes | undefined>(kernelName, (args) => {
    const { inputs, attrs, backend } = args;
    if (inputs.x.dtype !== 'float32') return computeOnCpu(kernelName, args);
    const alpha = attrs?.alpha ?? attrs?.clipValueMin;
    return computeUnary(backend, op, inputs.x, alpha, attrs?.clipValueMax);
  });
}

/** float32 in WASM; the other types, as the CPU backend defines them, by its implementation. */
export const unaryKernels: readonly KernelConfig[] = [
  unaryKernel(tf.Abs, 'abs'),
  unaryKernel(tf.Neg, 'neg'),
  unaryKernel(tf.Square, 'square'),
  unaryKernel(tf.Sqrt, 'sqrt'),
  unaryKernel(tf.Rsqrt, 'rsqrt'),
  unaryKernel(tf.Reciprocal, 'reciprocal'),
  unaryKernel(tf.Ceil, 'ceil'),
  unaryKernel(tf.Floor, 'floor'),
  unaryKernel(tf.Round, 'round'),
  unaryKernel(tf.Sign, 'sign'),
  unaryKernel(tf.Step, 'step'),
  unaryKernel(tf.Exp, 'exp'),
  unaryKernel(tf.Expm1, 'expm1'),
  unaryKernel(tf.Log, 'log'),
  unaryKernel(tf.Log1p, 'log1p'),
  unaryKernel(tf.Erf, 'erf'),
  unaryKernel(tf.Softplus, 'softplus'),
  unaryKernel(tf.Relu, 'relu'),
  unaryKernel(tf.Relu6, 'relu6'),
  unaryKernel(tf.LeakyRelu, 'leakyRelu'),
  unaryKernel(tf.ClipByValue, 'clipByValue'),
  unaryKernel(tf.Elu, 'elu'),
  unaryKernel(tf.Selu, 'selu'),
  unaryKernel(tf.Sigmoid, 'sigmoid'),
  unaryKernel(tf.Tanh, 'tanh'),
];
