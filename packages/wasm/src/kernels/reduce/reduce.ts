import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, Max, Mean, Min, Prod, Sum, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { floatBits } from '../../backend/task-runner.js';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { castTo } from '../elementwise/cast.js';
import { shareData } from '../memory/share-data.js';
import type { Dimensions } from './collapse.js';
import { collapseAxes } from './collapse.js';

/** The order is that of `Reduce` in assembly/reduce/accumulate.ts. */
const REDUCTIONS = ['sum', 'prod', 'max', 'min'] as const;

export type Reduction = (typeof REDUCTIONS)[number];

/** Elements of one task, about, and of one chunk of a long sum. */
const TASK = 16384;
const CHUNK = 32768;
/** As in assembly/reduce/columns.ts. */
const COLUMNS = 16;

/**
 * A new tensor with the float32 or int32 tensor `x` reduced over `axes`.
 *
 * @param scale factor of a float32 sum: 1 / n makes it a mean
 */
export function reduce(
  backend: AeWasmBackend,
  op: Reduction,
  x: TensorInfo,
  axes: readonly number[],
  keepDims: boolean,
  scale = 1,
): TensorInfo {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const shape = keepDims ? kept : kept.filter((_, axis) => !axes.includes(axis));
  const dimensions = collapseAxes(x.shape, axes);
  if (!dimensions.reduced.includes(true)) return shareData(backend, x, shape);
  const output = backend.output(shape, x.dtype as 'float32' | 'int32');
  const from = backend.pointer(x);
  const to = backend.pointer(output);
  if (op === 'sum' && x.dtype === 'float32' && isLong(dimensions)) {
    sumLong(backend, dimensions, from, to, scale);
  } else {
    const code = REDUCTIONS.indexOf(op) + (x.dtype === 'int32' ? REDUCTIONS.length : 0);
    run(backend, [code, from, to, floatBits(scale)], dimensions);
  }
  return output;
}

function run(backend: AeWasmBackend, head: number[], { sizes, reduced }: Dimensions): void {
  const last = sizes.length - 1;
  const columns = sizes[last]!;
  // Sizes and strides of the other dimensions.
  const kept: [number[], number[]] = [[], []];
  const others: [number[], number[]] = [[], []];
  let results = 1;
  let rows = 1;
  let stride = columns;
  for (let i = last - 1; i >= 0; i--) {
    const size = sizes[i]!;
    const [list, strides] = reduced[i] ? others : kept;
    list.unshift(size);
    strides.unshift(stride);
    stride *= size;
    if (reduced[i]) rows *= size;
    else results *= size;
  }
  const height = Math.max(1, Math.round(TASK / (rows * columns)));
  const args = [...head, results, height, columns, rows, kept[0].length, others[0].length];
  args.push(...kept[0], ...kept[1], ...others[0], ...others[1]);
  if (reduced[last]) backend.run('reduceRowsTask', args, Math.ceil(results / height));
  else backend.run('reduceColumnsTask', args, results * Math.ceil(columns / COLUMNS));
}

/** Whether a sum is of all elements, or of the rows of a matrix, and worth being shared out. */
function isLong({ sizes, reduced }: Dimensions): boolean {
  if (!reduced[0] || sizes.length > 2) return false;
  const columns = sizes[1] ?? 1;
  return columns <= 1024 && sizes[0]! * columns > 2 * CHUNK;
}

function sumLong(
  backend: AeWasmBackend,
  { sizes }: Dimensions,
  from: number,
  to: number,
  scale: number,
): void {
  const rows = sizes[0]!;
  const columns = sizes[1] ?? 1;
  const height = Math.ceil(CHUNK / columns);
  const chunks = Math.ceil(rows / height);
  const totals = backend.scratch(8 * chunks * columns);
  backend.run('sumChunksTask', [from, totals, rows, columns, height], chunks);
  backend.kernels.addChunks(totals, chunks, columns, to, scale);
}

interface ReduceAttributes {
  axis?: number | number[];
  reductionIndices?: number | number[];
  keepDims: boolean;
}

function reduceKernel(kernelName: string, op: Reduction): KernelConfig {
  return defineKernel<{ x: TensorInfo }, ReduceAttributes>(kernelName, (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    const axes = util.parseAxisParam((attrs.axis ?? attrs.reductionIndices)!, x.shape);
    const words = x.dtype === 'float32' || x.dtype === 'int32';
    const counts = x.dtype === 'bool' && op === 'sum';
    if ((!words && !counts) || util.sizeFromShape(x.shape) === 0) {
      return computeOnCpu(kernelName, args);
    }
    if (!counts) return reduce(backend, op, x, axes, attrs.keepDims);
    const numbers = castTo(backend, x, 'int32');
    const result = reduce(backend, op, numbers, axes, attrs.keepDims);
    backend.disposeData(numbers.dataId);
    return result;
  });
}

const mean = defineKernel<{ x: TensorInfo }, { axis: number | number[]; keepDims: boolean }>(
  Mean,
  (args) => {
    const { inputs, attrs, backend } = args;
    const { x } = inputs;
    const axes = util.parseAxisParam(attrs.axis, x.shape);
    if (util.sizeFromShape(x.shape) === 0 || x.dtype === 'complex64' || x.dtype === 'string') {
      return computeOnCpu(Mean, args);
    }
    const [, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
    const numbers = castTo(backend, x, 'float32');
    const scale = 1 / util.sizeFromShape(reduced);
    const result = reduce(backend, 'sum', numbers, axes, attrs.keepDims, scale);
    backend.disposeData(numbers.dataId);
    return result;
  },
);

export const reduceKernels: readonly KernelConfig[] = [
  reduceKernel(Sum, 'sum'),
  reduceKernel(Prod, 'prod'),
  reduceKernel(Max, 'max'),
  reduceKernel(Min, 'min'),
  mean,
];
