import type {
  backend_util,
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  KernelConfig,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import {
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
  backend_util as util,
} from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { defineKernel } from '../define-kernel.js';
import { filled } from '../filled.js';
import type { Fusion } from '../gemm/epilogue.js';
import { epilogueWords, NO_EPILOGUE } from '../gemm/epilogue.js';
import { fuseAfterwards } from '../gemm/fusion.js';
import { backpropFilter } from './backprop-filter.js';
import { backpropInput } from './backprop-input.js';
import { convolve } from './forward.js';
import type { ConvInfo } from './geometry.js';
import type { Shape4D } from './images.js';
import { channelsLastPadding, Images } from './images.js';

interface Inputs {
  x: TensorInfo;
  filter: TensorInfo;
}

interface FusedInputs extends Inputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

interface Sampling {
  strides: [number, number] | number;
  dilations?: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat: 'NHWC' | 'NCHW';
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function infoOf(image: Shape4D, filter: Shape4D, sampling: Sampling): ConvInfo {
  const { strides, dilations = 1, pad, dataFormat, dimRoundingMode } = sampling;
  const padding = channelsLastPadding(pad, dataFormat);
  return util.computeConv2DInfo(image, filter, strides, dilations, padding, dimRoundingMode);
}

function convolution(
  backend: AeWasmBackend,
  { x, filter }: Inputs,
  sampling: Sampling,
  fusion: Fusion,
): TensorInfo {
  const images = new Images(backend, sampling.dataFormat);
  const image = images.channelsLast(x);
  const info = infoOf(image.shape as Shape4D, filter.shape as Shape4D, sampling);
  const slopes = images.slopes(fusion.preluActivationWeights ?? undefined);
  const adapted = { ...fusion, preluActivationWeights: slopes };
  const epilogue = epilogueWords(backend, adapted, info.outShape);
  const out = backend.output(info.outShape, 'float32');
  const [from, by, to] = [image, filter, out].map((tensor) => backend.pointer(tensor));
  filled(backend, out, () => convolve(backend, info, from!, by!, to!, epilogue ?? NO_EPILOGUE));
  return images.finish(epilogue ? out : fuseAfterwards(backend, out, adapted));
}

/** `tf.conv2d`: `[batch, height, width, inChannels]` to `[batch, outHeight, outWidth, outChannels]`. */
export const conv2D: KernelConfig = defineKernel<Inputs, Conv2DAttrs>(
  Conv2D,
  ({ inputs, attrs, backend }) => convolution(backend, inputs, attrs, {}),
);

/** `tf.fused.conv2d`: the same with a bias and an activation. */
export const fusedConv2D: KernelConfig = defineKernel<FusedInputs, FusedConv2DAttrs>(
  FusedConv2D,
  ({ inputs, attrs, backend }) => {
    const { bias, preluActivationWeights } = inputs;
    const { activation, leakyreluAlpha } = attrs;
    const fusion: Fusion = { bias, activation, preluActivationWeights, leakyreluAlpha };
    return convolution(backend, inputs, attrs, fusion);
  },
);

/** Gradient of `tf.conv2d` by its input; also the forward pass of `tf.conv2dTranspose`. */
export const conv2DBackpropInput: KernelConfig = defineKernel<
  { dy: TensorInfo; filter: TensorInfo },
  Conv2DBackpropInputAttrs
>(Conv2DBackpropInput, ({ inputs: { dy, filter }, attrs, backend }) => {
  const images = new Images(backend, attrs.dataFormat);
  const image = images.channelsLast(dy);
  const info = infoOf(images.shape(attrs.inputShape), filter.shape as Shape4D, attrs);
  const out = backend.output(info.inShape, 'float32');
  const [from, by, to] = [image, filter, out].map((tensor) => backend.pointer(tensor));
  filled(backend, out, () => backpropInput(backend, info, from!, by!, to!));
  return images.finish(out);
});

/** Gradient of `tf.conv2d` by its filter. */
export const conv2DBackpropFilter: KernelConfig = defineKernel<
  { x: TensorInfo; dy: TensorInfo },
  Conv2DBackpropFilterAttrs
>(Conv2DBackpropFilter, ({ inputs: { x, dy }, attrs, backend }) => {
  const images = new Images(backend, attrs.dataFormat);
  const image = images.channelsLast(x);
  const change = images.channelsLast(dy);
  const info = infoOf(image.shape as Shape4D, attrs.filterShape, attrs);
  const out = backend.output(info.filterShape, 'float32');
  const [from, by, to] = [image, change, out].map((tensor) => backend.pointer(tensor));
  filled(backend, out, () => backpropFilter(backend, info, from!, by!, to!));
  images.dispose();
  return out;
});
