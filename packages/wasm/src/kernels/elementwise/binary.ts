import type { DataType, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { elementShift } from '../memory/copy.js';
import { BLOCK } from './block.js';
import { collapse } from './broadcast.js';

/** Kernels of two operands; the order is that of `Op` in assembly/elementwise/binary-task.ts. */
const BINARY = [
  'add',
  'sub',
  'multiply',
  'realDiv',
  'squaredDifference',
  'maximum',
  'minimum',
  'prelu',
  'eluGrad',
  'pow',
  'addInt',
  'subInt',
  'multiplyInt',
  'maximumInt',
  'minimumInt',
  'equal',
  'notEqual',
  'greater',
  'greaterEqual',
  'less',
  'lessEqual',
  'equalInt',
  'notEqualInt',
  'greaterInt',
  'greaterEqualInt',
  'lessInt',
  'lessEqualInt',
  'logicalAnd',
  'logicalOr',
  'equalBool',
  'notEqualBool',
] as const;

export type Binary = (typeof BINARY)[number];

const codes = new Map<Binary, number>(BINARY.map((name, code) => [name, code]));

/** A new tensor of `dtype` with `op` of the elements of `a` and `b`, broadcast to one shape. */
export function computeBinary(
  backend: AeWasmBackend,
  op: Binary,
  a: TensorInfo,
  b: TensorInfo,
  dtype: 'float32' | 'int32' | 'bool',
): TensorInfo {
  const alike = tf.util.arraysEqual(a.shape, b.shape);
  const shape = alike ? a.shape : tf.backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const size = tf.util.sizeFromShape(shape);
  const output = backend.output(shape, dtype);
  if (size === 0) return output;
  const from = backend.pointer(a);
  const other = backend.pointer(b);
  const to = backend.pointer(output);
  if (alike && size <= BLOCK) {
    backend.kernels[op](from, 1, 0, other, 1, 0, to, 1, size);
    return output;
  }
  const { sizes, aStrides, bStrides } = collapse(a.shape, b.shape, shape);
  if (sizes.length <= 2 && size <= BLOCK) {
    const last = sizes.length - 1;
    const shift = elementShift(a.dtype)!;
    backend.kernels[op](
      from,
      aStrides[last]!,
      (last && aStrides[0]!) << shift,
      other,
      bStrides[last]!,
      (last && bStrides[0]!) << shift,
      to,
      last ? sizes[0]! : 1,
      sizes[last]!,
    );
  } else {
    const args = [codes.get(op)!, from, other, to, size, sizes.length];
    args.push(...sizes, ...aStrides, ...bStrides);
    backend.run('binaryTask', args, Math.ceil(size / BLOCK));
  }
  return output;
}

/** The operations of a kernel by the type of its operands. */
type Operations = Partial<Record<DataType, Binary>>;
type Operands = Record<string, TensorInfo>;

function binaryKernel(
  kernelName: string,
  operations: Operations,
  { output, operands = ['a', 'b'] }: { output?: 'bool'; operands?: [string, string] } = {},
): KernelConfig {
  return defineKernel<Operands, undefined>(kernelName, (args) => {
    const a = args.inputs[operands[0]]!;
    const b = args.inputs[operands[1]]!;
    const op = a.dtype === b.dtype ? operations[a.dtype] : undefined;
    if (op === undefined) return computeOnCpu(kernelName, args);
    return computeBinary(args.backend, op, a, b, output ?? (a.dtype as 'float32' | 'int32'));
  });
}

const bool = { output: 'bool' } as const;

/** The listed types in WASM, the others (complex numbers, strings) by the CPU implementation. */
export const binaryKernels: readonly KernelConfig[] = [
  binaryKernel(tf.Add, { float32: 'add', int32: 'addInt' }),
  binaryKernel(tf.Sub, { float32: 'sub', int32: 'subInt' }),
  binaryKernel(tf.Multiply, { float32: 'multiply', int32: 'multiplyInt' }),
  binaryKernel(tf.RealDiv, { float32: 'realDiv' }),
  binaryKernel(tf.SquaredDifference, { float32: 'squaredDifference' }),
  binaryKernel(tf.Maximum, { float32: 'maximum', int32: 'maximumInt' }),
  binaryKernel(tf.Minimum, { float32: 'minimum', int32: 'minimumInt' }),
  binaryKernel(tf.Pow, { float32: 'pow' }),
  binaryKernel(tf.Prelu, { float32: 'prelu' }, { operands: ['x', 'alpha'] }),
  binaryKernel(tf.EluGrad, { float32: 'eluGrad' }, { operands: ['dy', 'y'] }),
  binaryKernel(tf.Equal, { float32: 'equal', int32: 'equalInt', bool: 'equalBool' }, bool),
  binaryKernel(
    tf.NotEqual,
    { float32: 'notEqual', int32: 'notEqualInt', bool: 'notEqualBool' },
    bool,
  ),
  binaryKernel(tf.Greater, { float32: 'greater', int32: 'greaterInt' }, bool),
  binaryKernel(tf.GreaterEqual, { float32: 'greaterEqual', int32: 'greaterEqualInt' }, bool),
  binaryKernel(tf.Less, { float32: 'less', int32: 'lessInt' }, bool),
  binaryKernel(tf.LessEqual, { float32: 'lessEqual', int32: 'lessEqualInt' }, bool),
  binaryKernel(tf.LogicalAnd, { bool: 'logicalAnd' }, bool),
  binaryKernel(tf.LogicalOr, { bool: 'logicalOr' }, bool),
];
