import type {
  Conv2DAttrs,
  Conv2DBackpropFilterAttrs,
  Conv2DBackpropInputAttrs,
  FusedConv2DAttrs,
  KernelConfig,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import {
  backend_util,
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
} from '@tensorflow/tfjs-core';
import { defineKernel } from '../define-kernel.js';
import type { Fusion } from '../gemm/epilogue.js';
import { epilogueWords, NO_EPILOGUE } from '../gemm/epilogue.js';
import { fuseAfterwards } from '../gemm/fusion.js';
import { backpropFilter } from './backprop-filter.js';
import { backpropInput } from './backprop-input.js';
import { convolve } from './forward.js';

type Shape4D = [number, number, number, number];

interface Inputs {
  x: TensorInfo;
  filter: TensorInfo;
}

interface FusedInputs extends Inputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

/** `tf.conv2d`: `[batch, height, width, inChannels]` to `[batch, outHeight, outWidth, outChannels]`. */
export const conv2D: KernelConfig = defineKernel<Inputs, Conv2DAttrs>(
  Conv2D,
  ({ inputs: { x, filter }, attrs, backend }) => {
    const info = backend_util.computeConv2DInfo(
      x.shape as Shape4D,
      filter.shape as Shape4D,
      attrs.strides,
      attrs.dilations,
      attrs.pad,
      attrs.dimRoundingMode,
    );
    const out = backend.output(info.outShape, 'float32');
    const [from, to] = [backend.pointer(x), backend.pointer(out)];
    convolve(backend, info, from, backend.pointer(filter), to, NO_EPILOGUE);
    return out;
  },
);

/** `tf.fused.conv2d`: the same with a bias and an activation. */
export const fusedConv2D: KernelConfig = defineKernel<FusedInputs, FusedConv2DAttrs>(
  FusedConv2D,
  ({ inputs, attrs, backend }) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const info = backend_util.computeConv2DInfo(
      x.shape as Shape4D,
      filter.shape as Shape4D,
      attrs.strides,
      attrs.dilations,
      attrs.pad,
      attrs.dimRoundingMode,
    );
    const fusion: Fusion = {
      bias,
      activation: attrs.activation,
      preluActivationWeights,
      leakyreluAlpha: attrs.leakyreluAlpha,
    };
    const out = backend.output(info.outShape, 'float32');
    const epilogue = epilogueWords(backend, fusion, info.outShape);
    const [from, to] = [backend.pointer(x), backend.pointer(out)];
    convolve(backend, info, from, backend.pointer(filter), to, epilogue ?? NO_EPILOGUE);
    return epilogue ? out : fuseAfterwards(backend, out, fusion);
  },
);

/** Gradient of `tf.conv2d` by its input; also the forward pass of `tf.conv2dTranspose`. */
export const conv2DBackpropInput: KernelConfig = defineKernel<
  { dy: TensorInfo; filter: TensorInfo },
  Conv2DBackpropInputAttrs
>(Conv2DBackpropInput, ({ inputs: { dy, filter }, attrs, backend }) => {
  const info = backend_util.computeConv2DInfo(
    attrs.inputShape,
    filter.shape as Shape4D,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const out = backend.output(info.inShape, 'float32');
  const [from, to] = [backend.pointer(dy), backend.pointer(out)];
  backpropInput(backend, info, from, backend.pointer(filter), to);
  return out;
});

/** Gradient of `tf.conv2d` by its filter. */
export const conv2DBackpropFilter: KernelConfig = defineKernel<
  { x: TensorInfo; dy: TensorInfo },
  Conv2DBackpropFilterAttrs
>(Conv2DBackpropFilter, ({ inputs: { x, dy }, attrs, backend }) => {
  const info = backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    attrs.filterShape,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const out = backend.output(info.filterShape, 'float32');
  const [from, to] = [backend.pointer(x), backend.pointer(out)];
  backpropFilter(backend, info, from, backend.pointer(dy), to);
  return out;
});
