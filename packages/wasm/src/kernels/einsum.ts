import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { BatchMatMul, backend_util, Einsum, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import { callKernel } from './call-kernel.js';
import { computeOnCpu } from './cpu-fallback.js';
import { defineKernel } from './define-kernel.js';
import { transposed } from './memory/rearrange.js';
import { shareData } from './memory/share-data.js';
import { reduce } from './reduce/reduce.js';

/** A tensor and the letter of each of its axes. */
interface Labelled {
  tensor: TensorInfo;
  labels: string[];
}

/**
 * `tf.einsum` as one product of matrices: what only one operand has and the result has not is
 * summed first, then the axes are brought into the order batch, rows, inner and inner, columns.
 */
export const einsum: KernelConfig = defineKernel<TensorInfo[], { equation: string }>(
  Einsum,
  (args) => {
    const { inputs, attrs, backend } = args;
    if (inputs.some(({ dtype }) => dtype !== 'float32')) return computeOnCpu(Einsum, args);
    const { allDims, idDims } = backend_util.decodeEinsumEquation(attrs.equation, inputs.length);
    backend_util.checkEinsumDimSizes(allDims.length, idDims, inputs as never);
    const [left, right] = attrs.equation.replace(/\s/g, '').split('->') as [string, string];
    const target = [...right];
    const made: TensorInfo[] = [];
    const keep = (tensor: TensorInfo) => {
      made.push(tensor);
      return tensor;
    };
    const terms = left.split(',').map((labels, i) => ({ tensor: inputs[i]!, labels: [...labels] }));
    const reduced = terms.map((term, i) => {
      const others = new Set([
        ...target,
        ...terms.flatMap(({ labels }, j) => (j === i ? [] : labels)),
      ]);
      return sumOut(backend, term, others, keep);
    });
    const [a, b] = reduced as [Labelled, Labelled?];
    const { tensor, labels } = b ? product(backend, a, b, target, keep) : a;
    const result = transposed(
      backend,
      tensor,
      target.map((label) => labels.indexOf(label)),
    );
    for (const { dataId } of made) backend.disposeData(dataId);
    return result;
  },
);

type Keep = (tensor: TensorInfo) => TensorInfo;

/** Sums over the axes that nobody else has. */
function sumOut(
  backend: AeWasmBackend,
  { tensor, labels }: Labelled,
  others: Set<string>,
  keep: Keep,
): Labelled {
  const axes = labels.flatMap((label, axis) => (others.has(label) ? [] : [axis]));
  if (axes.length === 0) return { tensor, labels };
  return {
    tensor: keep(reduce(backend, 'sum', tensor, axes, false)),
    labels: labels.filter((label) => others.has(label)),
  };
}

function product(
  backend: AeWasmBackend,
  a: Labelled,
  b: Labelled,
  target: readonly string[],
  keep: Keep,
): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => target.includes(label));
  const inner = shared.filter((label) => !target.includes(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const matrix = ({ tensor, labels }: Labelled, groups: string[][]): TensorInfo => {
    const axes = groups.flat().map((label) => labels.indexOf(label));
    const ordered = keep(transposed(backend, tensor, axes));
    const shape = groups.map((group) =>
      util.sizeFromShape(group.map((label) => tensor.shape[labels.indexOf(label)]!)),
    );
    return keep(shareData(backend, ordered, shape));
  };
  const sizes = new Map<string, number>();
  for (const { tensor, labels } of [a, b]) {
    for (const [axis, label] of labels.entries()) sizes.set(label, tensor.shape[axis]!);
  }
  const labels = [...batch, ...rows, ...columns];
  const result = keep(
    callKernel(
      backend,
      BatchMatMul,
      { a: matrix(a, [batch, rows, inner]), b: matrix(b, [batch, inner, columns]) },
      { transposeA: false, transposeB: false },
    ),
  );
  const shape = labels.map((label) => sizes.get(label)!);
  return { tensor: keep(shareData(backend, result, shape)), labels };
}
