import type { KernelConfig } from '@tensorflow/tfjs-core';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './conv/conv2d.js';
import { cpuOnlyKernels } from './cpu-only.js';
import {
  depthwiseConv2dNative,
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
  fusedDepthwiseConv2D,
} from './depthwise/depthwise.js';
import { einsum } from './einsum.js';
import { fusedBatchNorm } from './elementwise/batch-norm.js';
import { binaryKernels } from './elementwise/binary.js';
import { cast } from './elementwise/cast.js';
import { addN, oneHot, onesLike, zerosLike } from './elementwise/combine.js';
import { logicalNot, select } from './elementwise/logical.js';
import { cos, sin } from './elementwise/trigonometry.js';
import { unaryKernels } from './elementwise/unary.js';
import { fill } from './fill.js';
import { floatOnlyKernels } from './float-only.js';
import { batchMatMul, fusedMatMul } from './gemm/matmul.js';
import { gatherV2, unsortedSegmentSum } from './memory/gather.js';
import { concat, pack, padV2 } from './memory/join.js';
import { reverse, tile, transpose } from './memory/rearrange.js';
import { expandDims, identity, reshape } from './memory/share-data.js';
import { slice, splitV, stridedSlice, unpack } from './memory/slice.js';
import { adamUpdate } from './optimizer/adam.js';
import { sgdUpdate } from './optimizer/sgd.js';
import { reduceKernels } from './reduce/reduce.js';
import { scanKernels } from './reduce/scan.js';
import { softmax } from './reduce/softmax.js';
import { conv3DKernels } from './volume/conv3d.js';
import { poolKernels } from './volume/pool.js';

/** Every kernel of this package; where tfjs-backend-wasm has one of the same name, ours replaces it. */
export const ownKernels: readonly KernelConfig[] = [
  ...cpuOnlyKernels,
  ...floatOnlyKernels,
  identity,
  reshape,
  expandDims,
  cast,
  ...unaryKernels,
  sin,
  cos,
  ...binaryKernels,
  fusedBatchNorm,
  logicalNot,
  select,
  addN,
  oneHot,
  onesLike,
  zerosLike,
  ...reduceKernels,
  softmax,
  ...scanKernels,
  einsum,
  ...poolKernels,
  ...conv3DKernels,
  depthwiseConv2dNative,
  fusedDepthwiseConv2D,
  depthwiseConv2dNativeBackpropInput,
  depthwiseConv2dNativeBackpropFilter,
  transpose,
  reverse,
  tile,
  slice,
  stridedSlice,
  splitV,
  unpack,
  concat,
  pack,
  padV2,
  gatherV2,
  unsortedSegmentSum,
  adamUpdate,
  sgdUpdate,
  fill,
  batchMatMul,
  fusedMatMul,
  conv2D,
  fusedConv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
];
