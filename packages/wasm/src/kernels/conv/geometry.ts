import type { backend_util } from '@tensorflow/tfjs-core';

export type ConvInfo = backend_util.Conv2DInfo;

/** The fourteen words of a window (assembly/conv/window.ts) over the image at `pointer`. */
export function windowWords(info: ConvInfo, pointer: number): readonly number[] {
  return [
    ...[pointer, info.inHeight, info.inWidth, info.inChannels],
    ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
    ...[info.dilationHeight, info.dilationWidth, info.padInfo.top, info.padInfo.left],
    ...[info.outHeight, info.outWidth],
  ];
}

/** Output positions of all images. */
export function positions(info: ConvInfo): number {
  return info.batchSize * info.outHeight * info.outWidth;
}

/** Elements of one filter: `filterHeight x filterWidth x inChannels`. */
export function windowSize(info: ConvInfo): number {
  return info.filterHeight * info.filterWidth * info.inChannels;
}

/**
 * Whether the windows are simply the rows of the image seen as a matrix `[positions, windowSize]`:
 * one window over the whole image, or windows of one pixel side by side.
 */
export function isPlainProduct(info: ConvInfo): boolean {
  const { inHeight, inWidth, filterHeight, filterWidth, outHeight, outWidth } = info;
  const { top, left } = info.padInfo;
  if (top !== 0 || left !== 0) return false;
  const isWholeImage =
    outHeight === 1 &&
    outWidth === 1 &&
    filterHeight === inHeight &&
    filterWidth === inWidth &&
    (info.dilationHeight === 1 || filterHeight === 1) &&
    (info.dilationWidth === 1 || filterWidth === 1);
  const isOnePixel =
    filterHeight === 1 && filterWidth === 1 && outHeight === inHeight && outWidth === inWidth;
  return isWholeImage || isOnePixel;
}
