import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { pixel, word } from './window';

/**
 * One task is one tap of the filter's gradient; words as in ./window. Each row of the output is
 * summed by itself first, which keeps the rounding errors of long sums small.
 */
export function depthwiseBackpropFilterTask(args: usize, task: i32, _worker: i32): void {
  const x = load<usize>(args);
  const dy = load<usize>(args, 8);
  const batch = word(args, 3);
  const height = word(args, 4);
  const width = word(args, 5);
  const channels = word(args, 6);
  const multiplier = word(args, 7);
  const outHeight = word(args, 10);
  const outWidth = word(args, 11);
  const strideX = word(args, 13);
  const outChannels = channels * multiplier;
  const i = task / word(args, 9);
  const j = task - i * word(args, 9);
  const offsetY = i * word(args, 14) - word(args, 16);
  const offsetX = j * word(args, 15) - word(args, 17);
  let gradient = load<usize>(args, 4) + (<usize>(task * outChannels) << 2);
  for (let o = 0; o < outChannels; ) {
    const c = o / multiplier;
    const count = multiplier == 1 ? min(4, channels - c) : min(4, (c + 1) * multiplier - o);
    let total = f32x4.splat(0);
    for (let b = 0; b < batch; b++) {
      for (let outY = 0; outY < outHeight; outY++) {
        const inY = outY * word(args, 12) + offsetY;
        if (<u32>inY >= <u32>height) continue;
        let row = f32x4.splat(0);
        for (let outX = 0; outX < outWidth; outX++) {
          const inX = outX * strideX + offsetX;
          if (<u32>inX >= <u32>width) continue;
          const p = x + ((pixel(b, inY, inX, height, width, channels) + c) << 2);
          const g = dy + ((pixel(b, outY, outX, outHeight, outWidth, outChannels) + o) << 2);
          const gradients = count == 4 ? v128.load(g) : loadPart(g, count);
          let values: v128;
          if (multiplier != 1) values = v128.load32_splat(p);
          else values = count == 4 ? v128.load(p) : loadPart(p, count);
          row = multiplyAdd(values, gradients, row);
        }
        total = f32x4.add(total, row);
      }
    }
    if (count == 4) v128.store(gradient, total);
    else storePart(gradient, total, count);
    gradient += <usize>count << 2;
    o += count;
  }
}
