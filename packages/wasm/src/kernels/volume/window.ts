import type { backend_util } from '@tensorflow/tfjs-core';

/** The words that describe a sliding window to the kernels of assembly/volume (window.ts there). */
export function windowWords(info: backend_util.Conv3DInfo): number[] {
  return [
    info.batchSize,
    info.inDepth,
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outDepth,
    info.outHeight,
    info.outWidth,
    info.filterDepth,
    info.filterHeight,
    info.filterWidth,
    info.strideDepth,
    info.strideHeight,
    info.strideWidth,
    info.dilationDepth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.front,
    info.padInfo.top,
    info.padInfo.left,
    info.outChannels,
  ];
}

/** An image as a volume of depth 1. */
export function asVolume(info: backend_util.Conv2DInfo): backend_util.Conv3DInfo {
  const { padInfo, ...rest } = info;
  return {
    ...rest,
    inDepth: 1,
    outDepth: 1,
    filterDepth: 1,
    strideDepth: 1,
    dilationDepth: 1,
    effectiveFilterDepth: 1,
    inShape: [0, 0, 0, 0, 0],
    outShape: [0, 0, 0, 0, 0],
    filterShape: [0, 0, 0, 0, 0],
    padInfo: { ...padInfo, front: 0, back: 0 },
  };
}
