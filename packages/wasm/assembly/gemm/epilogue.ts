// What is done to a block of a product once its sums are complete: bias and activation.
import { elu, sigmoid } from '../elementwise/exponential';
import { loadPart, storePart } from '../elementwise/lanes';

/** Numbers of the activations; also in src/kernels/gemm/epilogue.ts. */
export const enum Activation { Linear, Relu, Relu6, LeakyRelu, Prelu, Elu, Sigmoid }

/**
 * Bias and slope (of PReLU) are matrices over C whose steps are 0 along an axis on which they
 * are broadcast. In the argument list of each kernel of products these are seven words in a row.
 */
@unmanaged
export class Epilogue {
  activation: i32;
  /** 0 for none. */
  bias: usize;
  biasRowStep: usize;
  biasColumnStep: usize;
  /**
   * Address of the slope for PReLU; its value, as float32, for LeakyReLU; address of the constants
   * of ../elementwise/exponential for the others that need them.
   */
  slope: usize;
  slopeRowStep: usize;
  slopeColumnStep: usize;
}

/** Applies the epilogue to C[rows, columns], whose first element is C[row, column] of the whole. */
export function finishBlock(
  epilogue: Epilogue, c: usize, cStep: usize, row: i32, rows: i32, column: i32, columns: i32,
): void {
  if (epilogue.bias) {
    const step = epilogue.biasColumnStep;
    let bias = epilogue.bias + <usize>row * epilogue.biasRowStep + <usize>column * step;
    let target = c;
    for (let i = 0; i < rows; i++) {
      addBias(target, columns, bias, step);
      target += cStep;
      bias += epilogue.biasRowStep;
    }
  }
  const activation = epilogue.activation;
  if (activation == Activation.Linear) return;
  let slope = epilogue.slope;
  if (activation == Activation.Prelu) {
    slope += <usize>row * epilogue.slopeRowStep + <usize>column * epilogue.slopeColumnStep;
  } else if (cStep == <usize>columns << 2) {
    // Whole rows lie behind each other: they are one.
    columns *= rows;
    rows = 1;
  }
  for (let i = 0; i < rows; i++) {
    switch (activation) {
      case Activation.Relu: activate(Activation.Relu, c, columns, 0, 0); break;
      case Activation.Relu6: activate(Activation.Relu6, c, columns, 0, 0); break;
      case Activation.LeakyRelu: activate(Activation.LeakyRelu, c, columns, slope, 0); break;
      case Activation.Prelu:
        activate(Activation.Prelu, c, columns, slope, epilogue.slopeColumnStep);
        slope += epilogue.slopeRowStep;
        break;
      case Activation.Elu: elu(c, c, columns, slope); break;
      case Activation.Sigmoid: sigmoid(c, c, columns, slope); break;
    }
    c += cStep;
  }
}

function addBias(c: usize, count: i32, bias: usize, step: usize): void {
  const same = v128.load32_splat(bias);
  for (; count >= 4; count -= 4) {
    v128.store(c, f32x4.add(v128.load(c), step ? v128.load(bias) : same));
    c += 16;
    bias += 4 * step;
  }
  for (; count > 0; count--) {
    store<f32>(c, load<f32>(c) + load<f32>(bias));
    c += 4;
    bias += step;
  }
}

// @ts-ignore: decorator
@inline
function activate(kind: Activation, c: usize, count: i32, slope: usize, slopeStep: usize): void {
  let same = f32x4.splat(0);
  if (kind == Activation.LeakyRelu) same = f32x4.splat(reinterpret<f32>(<u32>slope));
  else if (kind == Activation.Prelu && !slopeStep) same = v128.load32_splat(slope);
  for (; count >= 4; count -= 4) {
    if (kind == Activation.Prelu && slopeStep) same = v128.load(slope);
    v128.store(c, apply(kind, v128.load(c), same));
    c += 16;
    slope += 4 * slopeStep;
  }
  if (count > 0) {
    if (kind == Activation.Prelu && slopeStep) same = loadPart(slope, count);
    storePart(c, apply(kind, loadPart(c, count), same), count);
  }
}

// max and min carry a NaN on: a network that diverges must show it.
// @ts-ignore: decorator
@inline
function apply(kind: Activation, x: v128, slope: v128): v128 {
  const zero = f32x4.splat(0);
  if (kind == Activation.Relu) return f32x4.max(x, zero);
  if (kind == Activation.Relu6) return f32x4.min(f32x4.max(x, zero), f32x4.splat(6));
  return v128.bitselect(f32x4.mul(x, slope), x, f32x4.lt(x, zero));
}
