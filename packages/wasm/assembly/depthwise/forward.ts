import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { endTap, firstTap, pixel, word } from './window';

/** One task is one row of the output; words as in ./window. */
export function depthwiseTask(args: usize, task: i32, _worker: i32): void {
  const height = word(args, 4);
  const width = word(args, 5);
  const channels = word(args, 6);
  const multiplier = word(args, 7);
  const filterWidth = word(args, 9);
  const outHeight = word(args, 10);
  const outWidth = word(args, 11);
  const strideX = word(args, 13);
  const dilationY = word(args, 14);
  const dilationX = word(args, 15);
  const paddingX = word(args, 17);
  const outChannels = channels * multiplier;
  const b = task / outHeight;
  const outY = task - b * outHeight;
  const top = outY * word(args, 12) - word(args, 16);
  const i0 = firstTap(top, dilationY);
  const i1 = endTap(top, dilationY, height, word(args, 8));
  // From tap to tap, in x along a row and in the filter; from row to row.
  const step = <usize>(dilationX * channels) << 2;
  const filterStep = <usize>outChannels << 2;
  const rowStep = <usize>(dilationY * width * channels) << 2;
  const filterRowStep = <usize>filterWidth * filterStep;
  let y = load<usize>(args, 8) + pixel(b, outY, 0, outHeight, outWidth, outChannels);
  for (let outX = 0; outX < outWidth; outX++) {
    const left = outX * strideX - paddingX;
    const j0 = firstTap(left, dilationX);
    const j1 = endTap(left, dilationX, width, filterWidth);
    const image = load<usize>(args) +
      pixel(b, top + i0 * dilationY, left + j0 * dilationX, height, width, channels);
    const filter = load<usize>(args, 4) + <usize>(i0 * filterWidth + j0) * filterStep;
    let o = 0;
    if (multiplier == 1) {
      for (; o + 16 <= channels; o += 16) {
        let t0 = f32x4.splat(0);
        let t1 = t0;
        let t2 = t0;
        let t3 = t0;
        let row = image + (<usize>o << 2);
        let filterRow = filter + (<usize>o << 2);
        for (let i = i0; i < i1; i++, row += rowStep, filterRow += filterRowStep) {
          let p = row;
          let w = filterRow;
          for (let j = j0; j < j1; j++, p += step, w += filterStep) {
            t0 = multiplyAdd(v128.load(p), v128.load(w), t0);
            t1 = multiplyAdd(v128.load(p, 16), v128.load(w, 16), t1);
            t2 = multiplyAdd(v128.load(p, 32), v128.load(w, 32), t2);
            t3 = multiplyAdd(v128.load(p, 48), v128.load(w, 48), t3);
          }
        }
        v128.store(y, t0);
        v128.store(y, t1, 16);
        v128.store(y, t2, 32);
        v128.store(y, t3, 48);
        y += 64;
      }
    }
    while (o < outChannels) {
      const c = o / multiplier;
      // Four channels at once, or with a multiplier up to four outputs of one channel.
      const count = multiplier == 1 ? min(4, channels - c) : min(4, (c + 1) * multiplier - o);
      let total = f32x4.splat(0);
      let row = image + (<usize>c << 2);
      let filterRow = filter + (<usize>o << 2);
      for (let i = i0; i < i1; i++, row += rowStep, filterRow += filterRowStep) {
        let p = row;
        let w = filterRow;
        for (let j = j0; j < j1; j++, p += step, w += filterStep) {
          const weights = count == 4 ? v128.load(w) : loadPart(w, count);
          let values: v128;
          if (multiplier != 1) values = v128.load32_splat(p);
          else values = count == 4 ? v128.load(p) : loadPart(p, count);
          total = multiplyAdd(values, weights, total);
        }
      }
      if (count == 4) v128.store(y, total);
      else storePart(y, total, count);
      y += <usize>count << 2;
      o += count;
    }
  }
}
