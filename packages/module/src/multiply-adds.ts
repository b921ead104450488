import { type NamedAttrMap, type NamedTensorMap, type Tensor, util } from '@tensorflow/tfjs-core';

/**
 * How many multiplications with addition a kernel does, for the kernels that do
 * nearly all of them: matrix products and convolutions. 0 for any other.
 *
 * For `'same'` padding the products with the padding are counted too, as is usual.
 */
export function multiplyAdds(
  kernelName: string,
  inputs: NamedTensorMap,
  attributes: NamedAttrMap,
  output: Tensor,
): number {
  switch (kernelName) {
    case 'BatchMatMul':
    case '_FusedMatMul':
      return output.size * inputs.a!.shape.at(attributes.transposeA ? -2 : -1)!;
    case 'Conv2D':
    case 'FusedConv2D':
    case 'Conv3D':
      return output.size * util.sizeFromShape(inputs.filter!.shape.slice(0, -1));
    case 'DepthwiseConv2dNative':
    case 'FusedDepthwiseConv2D':
      return output.size * util.sizeFromShape(inputs.filter!.shape.slice(0, 2));
    // The forward pass of a transposed convolution.
    case 'Conv2DBackpropInput':
    case 'Conv3DBackpropInputV2':
      return inputs.dy!.size * util.sizeFromShape(inputs.filter!.shape.slice(0, -1));
    default:
      return 0;
  }
}
