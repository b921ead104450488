import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedBatchNorm, util } from '@tensorflow/tfjs-core';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { BLOCK } from './block.js';

interface BatchNormInputs {
  x: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
  offset?: TensorInfo;
  scale?: TensorInfo;
}

/** (x - mean) / sqrt(variance + epsilon) * scale + offset, as one product and sum per element. */
export const fusedBatchNorm: KernelConfig = defineKernel<
  BatchNormInputs,
  { varianceEpsilon: number }
>(FusedBatchNorm, (args) => {
  const { inputs, attrs, backend } = args;
  const { x, mean, variance, offset, scale } = inputs;
  const columns = x.shape[x.shape.length - 1] ?? 1;
  const size = util.sizeFromShape(x.shape);
  const perColumn = [mean, variance, offset, scale].every(
    (each) => !each || (each.dtype === 'float32' && util.sizeFromShape(each.shape) === columns),
  );
  if (x.dtype !== 'float32' || !perColumn || size === 0) return computeOnCpu(FusedBatchNorm, args);
  const output = backend.output(x.shape, 'float32');
  const pointers = [x, output].map((tensor) => backend.pointer(tensor));
  const [means, variances, offsets, scales] = [mean, variance, offset, scale].map((each) =>
    each ? backend.pointer(each) : 0,
  ) as [number, number, number, number];
  const factors = backend.scratch(8 * columns);
  const shifts = factors + 4 * columns;
  backend.kernels.normFactors(
    means,
    variances,
    offsets,
    scales,
    attrs.varianceEpsilon,
    factors,
    shifts,
    columns,
  );
  const rows = size / columns;
  const height = Math.max(1, Math.round(BLOCK / columns));
  backend.run(
    'scaleShiftTask',
    [...pointers, factors, shifts, rows, columns, height],
    Math.ceil(rows / height),
  );
  return output;
});
