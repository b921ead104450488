import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { pixel, word } from './window';

/** One task is one row of the output; words as in ./window. */
export function depthwiseTask(args: usize, task: i32, _worker: i32): void {
  const x = load<usize>(args);
  const filter = load<usize>(args, 4);
  const height = word(args, 4);
  const width = word(args, 5);
  const channels = word(args, 6);
  const multiplier = word(args, 7);
  const filterHeight = word(args, 8);
  const filterWidth = word(args, 9);
  const outHeight = word(args, 10);
  const outWidth = word(args, 11);
  const dilationX = word(args, 15);
  const outChannels = channels * multiplier;
  const b = task / outHeight;
  const outY = task - b * outHeight;
  const top = outY * word(args, 12) - word(args, 16);
  let y = load<usize>(args, 8) + (pixel(b, outY, 0, outHeight, outWidth, outChannels) << 2);
  for (let outX = 0; outX < outWidth; outX++) {
    const left = outX * word(args, 13) - word(args, 17);
    for (let o = 0; o < outChannels; ) {
      const c = o / multiplier;
      // Four channels at once, or with a multiplier up to four outputs of one channel.
      const count = multiplier == 1 ? min(4, channels - c) : min(4, (c + 1) * multiplier - o);
      let total = f32x4.splat(0);
      for (let i = 0; i < filterHeight; i++) {
        const inY = top + i * word(args, 14);
        if (<u32>inY >= <u32>height) continue;
        for (let j = 0; j < filterWidth; j++) {
          const inX = left + j * dilationX;
          if (<u32>inX >= <u32>width) continue;
          const p = x + ((pixel(b, inY, inX, height, width, channels) + c) << 2);
          const w = filter + (<usize>((i * filterWidth + j) * outChannels + o) << 2);
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
