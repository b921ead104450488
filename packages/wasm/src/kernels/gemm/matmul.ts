import type { BatchMatMulAttrs, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { _FusedMatMul, BatchMatMul, broadcast_util, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { defineKernel } from '../define-kernel.js';
import { batchIndices, foldBatches } from './batches.js';
import type { Fusion } from './epilogue.js';
import { epilogueWords, NO_EPILOGUE } from './epilogue.js';
import { fuseAfterwards } from './fusion.js';
import { multiply } from './product.js';

interface Inputs {
  a: TensorInfo;
  b: TensorInfo;
}

interface FusedInputs extends Inputs {
  bias?: TensorInfo;
  preluActivationWeights?: TensorInfo;
}

type FusedAttributes = BatchMatMulAttrs & Pick<Fusion, 'activation' | 'leakyreluAlpha'>;

/** `tf.matMul`: `[..., m, k]` by `[..., k, n]`, batches broadcast. */
export const batchMatMul: KernelConfig = defineKernel<Inputs, BatchMatMulAttrs>(
  BatchMatMul,
  ({ inputs: { a, b }, attrs: { transposeA, transposeB }, backend }) =>
    matMul(backend, a, b, transposeA, transposeB, {}),
);

/** `tf.fused.matMul`: the same with a bias and an activation. */
export const fusedMatMul: KernelConfig = defineKernel<FusedInputs, FusedAttributes>(
  _FusedMatMul,
  ({ inputs, attrs, backend }) => {
    const { a, b, bias, preluActivationWeights } = inputs;
    const { transposeA, transposeB, activation, leakyreluAlpha } = attrs;
    const fusion = { bias, activation, preluActivationWeights, leakyreluAlpha };
    return matMul(backend, a, b, transposeA, transposeB, fusion);
  },
);

function matMul(
  backend: AeWasmBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  fusion: Fusion,
): TensorInfo {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') {
    throw new Error(`matMul on ae-wasm takes float32 tensors, not ${a.dtype} and ${b.dtype}`);
  }
  const [heightA, widthA] = a.shape.slice(-2) as [number, number];
  const [heightB, widthB] = b.shape.slice(-2) as [number, number];
  const k = transposeA ? heightA : widthA;
  const rows = transposeA ? widthA : heightA;
  const columns = transposeB ? heightB : widthB;
  if (k !== (transposeB ? widthB : heightB)) {
    throw new Error(
      `matMul: inner sizes differ: shapes [${a.shape}] and [${b.shape}] with ` +
        `transposeA=${transposeA}, transposeB=${transposeB}`,
    );
  }
  const outerA = a.shape.slice(0, -2);
  const outerB = b.shape.slice(0, -2);
  const outer = broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const shape = [...outer, rows, columns];
  const out = backend.output(shape, 'float32');
  const epilogue = epilogueWords(backend, fusion, shape);
  const matrixA = { pointer: backend.pointer(a), width: widthA, transposed: transposeA };
  const matrixB = { pointer: backend.pointer(b), width: widthB, transposed: transposeB };
  const batch = util.sizeFromShape(outer);
  const sizes = { rows, columns, k, batch };
  multiply(
    backend,
    { ...matrixA, batches: batchIndices(outerA, outer) },
    { ...matrixB, batches: batchIndices(outerB, outer) },
    backend.pointer(out),
    transposeA ? sizes : foldBatches(sizes, outerA, outerB),
    epilogue ?? NO_EPILOGUE,
  );
  return epilogue ? out : fuseAfterwards(backend, out, fusion);
}
