import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, GatherV2, UnsortedSegmentSum, util } from '@tensorflow/tfjs-core';
import { computeOnCpu } from '../cpu-fallback.js';
import { defineKernel } from '../define-kernel.js';
import { elementShift } from './copy.js';

interface GatherInputs {
  x: TensorInfo;
  indices: TensorInfo;
}

export const gatherV2: KernelConfig = defineKernel<
  GatherInputs,
  { axis: number; batchDims?: number }
>(GatherV2, (args) => {
  const { inputs, attrs, backend } = args;
  const { x, indices } = inputs;
  const shift = elementShift(x.dtype);
  if (shift === undefined || indices.dtype !== 'int32') return computeOnCpu(GatherV2, args);
  const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
  const info = backend_util.segment_util.collectGatherOpShapeInfo(
    x as never,
    indices as never,
    axis,
    attrs.batchDims ?? 0,
  );
  const count = util.sizeFromShape(indices.shape) / info.batchSize;
  const output = backend.makeOutput(info.outputShape, x.dtype);
  const wrong = backend.kernels.gather(
    backend.pointer(x),
    backend.pointer(indices),
    backend.pointer(output),
    info.batchSize,
    info.outerSize,
    info.dimSize,
    count,
    info.sliceSize << shift,
  );
  if (wrong >= 0) {
    const index = backend.typedArrayFromHeap(indices)[wrong];
    throw new Error(
      `GatherV2: the index value ${index} (number ${wrong} of the indices) is not in ` +
        `[0, ${info.dimSize - 1}], the range of axis ${axis} of shape [${x.shape}]`,
    );
  }
  return output;
});

interface SegmentInputs {
  x: TensorInfo;
  segmentIds: TensorInfo;
}

/** Columns of one task, as in assembly/memory/segment-sum.ts. */
const COLUMNS = 16;

/** Sums rows by their ids: the gradient of a lookup (`tf.gather`, embeddings). */
export const unsortedSegmentSum: KernelConfig = defineKernel<
  SegmentInputs,
  { numSegments: number }
>(UnsortedSegmentSum, (args) => {
  const { inputs, attrs, backend } = args;
  const { x, segmentIds } = inputs;
  if (x.dtype !== 'float32' || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1) {
    return computeOnCpu(UnsortedSegmentSum, args);
  }
  const rows = segmentIds.shape[0]!;
  const shape = [attrs.numSegments, ...x.shape.slice(1)];
  const columns = util.sizeFromShape(x.shape.slice(1));
  const output = backend.makeOutput(shape, x.dtype);
  const pointers = [x, segmentIds, output].map((tensor) => backend.pointer(tensor));
  backend.run(
    'segmentSumTask',
    [...pointers, rows, columns, attrs.numSegments],
    Math.ceil(columns / COLUMNS),
  );
  return output;
});
