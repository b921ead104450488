import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { floatBits } from '../../backend/task-runner.js';
import { constantsOf } from '../elementwise/constants.js';

/** The activations that tfjs fuses. */
export type Activation = 'linear' | 'relu' | 'relu6' | 'leakyrelu' | 'prelu' | 'elu' | 'sigmoid';

/** Their numbers in assembly/gemm/epilogue.ts. */
const NUMBERS: Record<Activation, number> = {
  linear: 0,
  relu: 1,
  relu6: 2,
  leakyrelu: 3,
  prelu: 4,
  elu: 5,
  sigmoid: 6,
};

/** What the fused operations of tfjs do to a product. */
export interface Fusion {
  bias?: TensorInfo | null | undefined;
  activation?: Activation | undefined;
  preluActivationWeights?: TensorInfo | null | undefined;
  leakyreluAlpha?: number | undefined;
}

/** The seven words of an epilogue among a kernel's arguments; here: no bias, no activation. */
export const NO_EPILOGUE: readonly number[] = [0, 0, 0, 0, 0, 0, 0];

/**
 * The words that make a kernel of products add a bias and apply an activation.
 *
 * @param shape of the product, `[..., columns]`; the kernel sees a matrix of `columns` columns
 * @returns undefined for a broadcast of bias or slopes that needs a pass of its own
 */
export function epilogueWords(
  backend: AeWasmBackend,
  fusion: Fusion,
  shape: readonly number[],
): readonly number[] | undefined {
  const { bias, activation = 'linear', preluActivationWeights: slope } = fusion;
  if (!bias && activation === 'linear') return NO_EPILOGUE;
  const number = NUMBERS[activation];
  const biasWords = bias ? broadcastWords(backend, bias, shape) : [0, 0, 0];
  let slopeWords: readonly number[] | undefined = [0, 0, 0];
  if (activation === 'leakyrelu') slopeWords = [floatBits(fusion.leakyreluAlpha ?? 0.2), 0, 0];
  if (activation === 'elu' || activation === 'sigmoid') slopeWords = [constantsOf(backend), 0, 0];
  if (activation === 'prelu' && slope) slopeWords = broadcastWords(backend, slope, shape);
  return biasWords && slopeWords && [number, ...biasWords, ...slopeWords];
}

/** Address, bytes from row to row and bytes from column to column of a broadcast matrix. */
function broadcastWords(
  backend: AeWasmBackend,
  tensor: TensorInfo,
  shape: readonly number[],
): readonly number[] | undefined {
  const columns = shape[shape.length - 1]!;
  const size = util.sizeFromShape(tensor.shape);
  const pointer = backend.pointer(tensor);
  if (size === 1) return [pointer, 0, 0];
  const width = tensor.shape[tensor.shape.length - 1]!;
  if (size === width && width === columns) return [pointer, 0, 4];
  if (size === util.sizeFromShape(shape as number[])) return [pointer, columns * 4, 4];
  return undefined;
}
