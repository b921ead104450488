import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import {
  backend_util,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  FusedDepthwiseConv2D,
} from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { defineKernel } from '../define-kernel.js';
import type { Fusion } from '../gemm/epilogue.js';
import { fuseAfterwards } from '../gemm/fusion.js';
import { transposed } from '../memory/rearrange.js';

interface DepthwiseAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
  dataFormat?: 'NHWC' | 'NCHW';
}

type Task = 'depthwiseTask' | 'depthwiseBackpropInputTask' | 'depthwiseBackpropFilterTask';

function geometry(
  xShape: number[],
  filterShape: number[],
  { strides, pad, dilations, dimRoundingMode }: DepthwiseAttributes,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    xShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
}

/** Runs a kernel of assembly/depthwise, whose words are described in window.ts there. */
function run(
  backend: AeWasmBackend,
  task: Task,
  info: backend_util.Conv2DInfo,
  [x, filter, y]: [TensorInfo, TensorInfo, TensorInfo],
  tasks: number,
): void {
  for (const { dtype } of [x, filter, y]) {
    if (dtype !== 'float32') {
      throw new Error(`Depthwise convolutions on ae-wasm take float32 tensors, not ${dtype}`);
    }
  }
  const args = [
    ...[x, filter, y].map((tensor) => backend.pointer(tensor)),
    info.batchSize,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outChannels / info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.outHeight,
    info.outWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ];
  backend.run(task, args, tasks);
}

interface ForwardInputs {
  x: TensorInfo;
  filter: TensorInfo;
}

function forward(
  backend: AeWasmBackend,
  { x, filter }: ForwardInputs,
  attrs: DepthwiseAttributes,
): TensorInfo {
  if (attrs.dataFormat === 'NCHW') return channelsFirst(backend, { x, filter }, attrs);
  const info = geometry(x.shape, filter.shape, attrs);
  const y = backend.output(info.outShape, 'float32');
  run(backend, 'depthwiseTask', info, [x, filter, y], info.batchSize * info.outHeight);
  return y;
}

function channelsFirst(
  backend: AeWasmBackend,
  { x, filter }: ForwardInputs,
  attrs: DepthwiseAttributes,
): TensorInfo {
  const image = transposed(backend, x, [0, 2, 3, 1]);
  const y = forward(backend, { x: image, filter }, { ...attrs, dataFormat: 'NHWC' });
  const result = transposed(backend, y, [0, 3, 1, 2]);
  backend.disposeData(image.dataId);
  backend.disposeData(y.dataId);
  return result;
}

export const depthwiseConv2dNative: KernelConfig = defineKernel<ForwardInputs, DepthwiseAttributes>(
  DepthwiseConv2dNative,
  ({ inputs, attrs, backend }) => forward(backend, inputs, attrs),
);

type FusedInputs = ForwardInputs & Pick<Fusion, 'bias' | 'preluActivationWeights'>;
type FusedAttributes = DepthwiseAttributes & Pick<Fusion, 'activation' | 'leakyreluAlpha'>;

export const fusedDepthwiseConv2D: KernelConfig = defineKernel<FusedInputs, FusedAttributes>(
  FusedDepthwiseConv2D,
  ({ inputs, attrs, backend }) =>
    fuseAfterwards(backend, forward(backend, inputs, attrs), {
      bias: inputs.bias,
      preluActivationWeights: inputs.preluActivationWeights,
      activation: attrs.activation,
      leakyreluAlpha: attrs.leakyreluAlpha,
    }),
);

export const depthwiseConv2dNativeBackpropInput: KernelConfig = defineKernel<
  { dy: TensorInfo; filter: TensorInfo },
  DepthwiseAttributes & { inputShape: number[] }
>(DepthwiseConv2dNativeBackpropInput, ({ inputs, attrs, backend }) => {
  const { dy, filter } = inputs;
  const info = geometry(attrs.inputShape, filter.shape, attrs);
  const dx = backend.output(attrs.inputShape, 'float32');
  const rows = info.batchSize * info.inHeight;
  run(backend, 'depthwiseBackpropInputTask', info, [dx, filter, dy], rows);
  return dx;
});

export const depthwiseConv2dNativeBackpropFilter: KernelConfig = defineKernel<
  { x: TensorInfo; dy: TensorInfo },
  DepthwiseAttributes & { filterShape: number[] }
>(DepthwiseConv2dNativeBackpropFilter, ({ inputs, attrs, backend }) => {
  const { x, dy } = inputs;
  const info = geometry(x.shape, attrs.filterShape, attrs);
  const gradient = backend.output(attrs.filterShape, 'float32');
  const taps = info.filterHeight * info.filterWidth;
  run(backend, 'depthwiseBackpropFilterTask', info, [x, gradient, dy], taps);
  return gradient;
});
