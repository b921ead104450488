import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core';
import { Transpose } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../../backend/ae-wasm-backend.js';
import { callKernel } from '../call-kernel.js';

export type DataFormat = 'NHWC' | 'NCHW';
export type Shape4D = [batch: number, height: number, width: number, channels: number];

/**
 * The kernels of convolutions know images with the channels last. This brings others into that form
 * and back, and disposes of what it made on the way.
 */
export class Images {
  private readonly made: TensorInfo[] = [];

  constructor(
    private readonly backend: AeWasmBackend,
    private readonly dataFormat: DataFormat,
  ) {}

  /** An image or its gradient, with the channels last. */
  channelsLast(image: TensorInfo): TensorInfo {
    return this.dataFormat === 'NCHW' ? this.transposed(image, [0, 2, 3, 1]) : image;
  }

  /** Slopes of PReLU, of which those of rank 3 have axes as the image. */
  slopes(slopes: TensorInfo | undefined): TensorInfo | undefined {
    const hasAxes = this.dataFormat === 'NCHW' && slopes?.shape.length === 3;
    return hasAxes ? this.transposed(slopes, [1, 2, 0]) : slopes;
  }

  /** `[batch, height, width, channels]` of a shape in the operation's format. */
  shape([batch, a, b, c]: readonly number[]): Shape4D {
    return this.dataFormat === 'NCHW' ? [batch!, b!, c!, a!] : [batch!, a!, b!, c!];
  }

  /** The result in the operation's format; takes over `result`. */
  finish(result: TensorInfo): TensorInfo {
    let last = result;
    if (this.dataFormat === 'NCHW') {
      this.made.push(last);
      last = callKernel(this.backend, Transpose, { x: last }, { perm: [0, 3, 1, 2] });
    }
    this.dispose();
    return last;
  }

  /** Frees what was made on the way. */
  dispose(): void {
    for (const { dataId } of this.made) this.backend.disposeData(dataId);
  }

  private transposed(x: TensorInfo, perm: number[]): TensorInfo {
    const made = callKernel(this.backend, Transpose, { x }, { perm });
    this.made.push(made);
    return made;
  }
}

/** Padding given for each axis, in the order of the axes with the channels last. */
export function channelsLastPadding(
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding,
  dataFormat: DataFormat,
): 'valid' | 'same' | number | backend_util.ExplicitPadding {
  if (typeof pad !== 'object' || dataFormat === 'NHWC') return pad;
  const [batch, channels, height, width] = pad;
  return [batch, height, width, channels] as backend_util.ExplicitPadding;
}
