import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { stockKernels } from 'stock-kernels';
import { computeOnCpu } from './cpu-fallback.js';
import { defineKernel } from './define-kernel.js';

/** Kernels of tfjs-backend-wasm and the operand that they trust to be float32. */
const OPERANDS: Record<string, string> = {
  [tf.ArgMax]: 'x',
  [tf.ArgMin]: 'x',
  [tf.BatchToSpaceND]: 'x',
  [tf.DepthToSpace]: 'x',
  [tf.Diag]: 'x',
  [tf.FlipLeftRight]: 'image',
  [tf.GatherNd]: 'params',
  [tf.LRN]: 'x',
  [tf.LRNGrad]: 'x',
  [tf.MirrorPad]: 'x',
  [tf.ResizeBilinear]: 'images',
  [tf.ResizeBilinearGrad]: 'images',
  [tf.ResizeNearestNeighbor]: 'images',
  [tf.ResizeNearestNeighborGrad]: 'images',
  [tf.ScatterNd]: 'updates',
  [tf.SearchSorted]: 'sortedSequence',
  [tf.SpaceToBatchND]: 'x',
  [tf.TensorScatterUpdate]: 'tensor',
  [tf.TopK]: 'x',
};

const stock = new Map(stockKernels.map((config) => [config.kernelName, config]));

/** Those kernels for float32, and the CPU implementation for the types that they would garble. */
export const floatOnlyKernels: readonly KernelConfig[] = Object.entries(OPERANDS).map(
  ([kernelName, operand]) => {
    const { kernelFunc } = stock.get(kernelName)!;
    return defineKernel<Record<string, TensorInfo>, unknown>(kernelName, (args) =>
      args.inputs[operand]!.dtype === 'float32' &&
      tf.util.sizeFromShape(args.inputs[operand]!.shape)
        ? kernelFunc(args as never)
        : computeOnCpu(kernelName, args),
    );
  },
);
