import type { KernelConfig } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { cpuKernel } from './cpu-fallback.js';

/** Kernels that tfjs-backend-wasm lacks, or gets wrong, and that training does not wait for. */
const NAMES = [
  // Complex numbers.
  tf.Complex,
  tf.ComplexAbs,
  tf.FFT,
  tf.IFFT,
  tf.Imag,
  tf.Real,
  // Ragged tensors, strings, canvases.
  tf.Draw,
  tf.RaggedGather,
  tf.RaggedRange,
  tf.RaggedTensorToTensor,
  tf.StaticRegexReplace,
  // Functions of one operand whose other types tfjs-backend-wasm gets wrong.
  tf.Acos,
  tf.Acosh,
  tf.Asin,
  tf.Asinh,
  tf.Atan,
  tf.Atanh,
  tf.Cosh,
  tf.IsFinite,
  tf.IsInf,
  tf.IsNan,
  tf.Sinh,
  tf.Tan,
  // Of two operands.
  tf.Atan2,
  tf.BitwiseAnd,
  tf.FloorDiv,
  tf.Mod,
  // Wrong in tfjs-backend-wasm: maxima of negative numbers, counts, interpolation, seeds.
  tf.CropAndResize,
  tf.DenseBincount,
  tf.Dilation2D,
  tf.Dilation2DBackpropFilter,
  tf.Dilation2DBackpropInput,
  tf.MaxPoolWithArgmax,
  tf.Multinomial,
  tf.RotateWithOffset,
  tf.Transform,
];

export const cpuOnlyKernels: readonly KernelConfig[] = NAMES.map(cpuKernel);
