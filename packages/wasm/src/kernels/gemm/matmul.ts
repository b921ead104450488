import type { BatchMatMulAttrs, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { _FusedMatMul, BatchMatMul, Cast } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { callKernel } from '../call-kernel.js';
import { defineKernel } from '../define-kernel.js';
import { filled } from '../filled.js';
import type { Fusion } from './epilogue.js';
import { epilogueWords, NO_EPILOGUE } from './epilogue.js';
import { fuseAfterwards } from './fusion.js';
import { multiplyIntegers } from './integer.js';
import { multiply } from './product.js';
import { sizesOf } from './sizes.js';

interface Inputs {
  a: TensorInfo;
  b: TensorInfo;
}

interface FusedInputs extends Inputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

type FusedAttributes = BatchMatMulAttrs & Pick<Fusion, 'activation' | 'leakyreluAlpha'>;

const NO_FUSION: Fusion = {};

/** `tf.matMul`: `[..., m, k]` by `[..., k, n]`, batches broadcast. */
export const batchMatMul: KernelConfig = defineKernel<Inputs, BatchMatMulAttrs>(
  BatchMatMul,
  ({ inputs, attrs, backend }) => matMul(backend, inputs, attrs, NO_FUSION),
);

/** `tf.fused.matMul`: the same with a bias and an activation. */
export const fusedMatMul: KernelConfig = defineKernel<FusedInputs, FusedAttributes>(
  _FusedMatMul,
  ({ inputs, attrs, backend }) => {
    const { bias, preluActivationWeights } = inputs;
    const { activation, leakyreluAlpha } = attrs;
    const fusion = { bias, activation, preluActivationWeights, leakyreluAlpha };
    return matMul(backend, inputs, attrs, fusion);
  },
);

function matMul(
  backend: AeWasmBackend,
  { a, b }: Inputs,
  { transposeA, transposeB }: BatchMatMulAttrs,
  fusion: Fusion,
): TensorInfo {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') {
    const product = integerMatMul(backend, a, b, transposeA, transposeB);
    return fuseAfterwards(backend, product, fusion);
  }
  const sizes = sizesOf(a.shape, b.shape, transposeA, transposeB);
  const out = backend.output(sizes.shape, 'float32');
  const epilogue = epilogueWords(backend, fusion, sizes.shape);
  const matrixA = {
    pointer: backend.pointer(a),
    width: transposeA ? sizes.rows : sizes.k,
    transposed: transposeA,
    batches: sizes.batchesA,
  };
  const matrixB = {
    pointer: backend.pointer(b),
    width: transposeB ? sizes.k : sizes.columns,
    transposed: transposeB,
    batches: sizes.batchesB,
  };
  const to = backend.pointer(out);
  filled(backend, out, () =>
    multiply(backend, matrixA, matrixB, to, sizes, epilogue ?? NO_EPILOGUE),
  );
  return epilogue ? out : fuseAfterwards(backend, out, fusion);
}

/** The product of int32 or bool tensors, in the type of `a`. */
function integerMatMul(
  backend: AeWasmBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): TensorInfo {
  for (const { dtype } of [a, b]) {
    if (dtype !== 'int32' && dtype !== 'bool') {
      throw new Error(
        `matMul on ae-wasm takes two tensors of float32, or of int32 or bool, not ${a.dtype} and ${b.dtype}`,
      );
    }
  }
  const made: TensorInfo[] = [];
  const convert = (x: TensorInfo, dtype: string) => {
    if (x.dtype === dtype) return x;
    const converted = callKernel(backend, Cast, { x }, { dtype });
    made.push(converted);
    return converted;
  };
  const sizes = sizesOf(a.shape, b.shape, transposeA, transposeB);
  const [integersA, integersB] = [convert(a, 'int32'), convert(b, 'int32')];
  const out = backend.output(sizes.shape, 'int32');
  multiplyIntegers(
    backend,
    { pointer: backend.pointer(integersA), transposed: transposeA, batches: sizes.batchesA },
    { pointer: backend.pointer(integersB), transposed: transposeB, batches: sizes.batchesB },
    backend.pointer(out),
    sizes,
  );
  if (a.dtype === 'int32') {
    for (const { dataId } of made) backend.disposeData(dataId);
    return out;
  }
  made.push(out);
  const result = callKernel(backend, Cast, { x: out }, { dtype: a.dtype });
  for (const { dataId } of made) backend.disposeData(dataId);
  return result;
}
