import type { NamedAttrMap } from '@tensorflow/tfjs-core';

/** Whether any attribute is a getter, and so may be another value at each call. */
export function isLive(attrs: NamedAttrMap | undefined): boolean {
  if (attrs === undefined) return false;
  return Object.values(Object.getOwnPropertyDescriptors(attrs)).some(
    ({ get }) => get !== undefined,
  );
}
