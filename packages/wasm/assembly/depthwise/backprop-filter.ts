import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { pixel, word } from './window';

/**
 * One task is one tap of the filter's gradient; words as in ./window. Each row of the output is
 * summed by itself first, which keeps the rounding errors of long sums small.
 */
export function depthwiseBackpropFilterTask(args: usize, task: i32, _worker: i32): void {
  const batch = word(args, 3);
  const height = word(args, 4);
  const width = word(args, 5);
  const channels = word(args, 6);
  const multiplier = word(args, 7);
  const outHeight = word(args, 10);
  const outWidth = word(args, 11);
  const strideY = word(args, 12);
  const strideX = word(args, 13);
  const outChannels = channels * multiplier;
  const i = task / word(args, 9);
  const j = task - i * word(args, 9);
  const offsetY = i * word(args, 14) - word(args, 16);
  const offsetX = j * word(args, 15) - word(args, 17);
  // The outputs whose tap falls into the image.
  const x0 = offsetX >= 0 ? 0 : (strideX - 1 - offsetX) / strideX;
  const x1 = offsetX >= width ? 0 : min(outWidth, (width - offsetX + strideX - 1) / strideX);
  const step = <usize>(strideX * channels) << 2;
  const outStep = <usize>outChannels << 2;
  const gradient = load<usize>(args, 4) + <usize>task * outStep;
  memory.fill(gradient, 0, outStep);
  for (let b = 0; b < batch; b++) {
    for (let outY = 0; outY < outHeight; outY++) {
      const inY = outY * strideY + offsetY;
      if (<u32>inY >= <u32>height) continue;
      const image = load<usize>(args) +
        pixel(b, inY, x0 * strideX + offsetX, height, width, channels);
      const gradients = load<usize>(args, 8) +
        pixel(b, outY, x0, outHeight, outWidth, outChannels);
      let o = 0;
      if (multiplier == 1) {
        for (; o + 16 <= channels; o += 16) {
          let t0 = f32x4.splat(0);
          let t1 = t0;
          let t2 = t0;
          let t3 = t0;
          let p = image + (<usize>o << 2);
          let g = gradients + (<usize>o << 2);
          for (let x = x0; x < x1; x++, p += step, g += outStep) {
            t0 = multiplyAdd(v128.load(p), v128.load(g), t0);
            t1 = multiplyAdd(v128.load(p, 16), v128.load(g, 16), t1);
            t2 = multiplyAdd(v128.load(p, 32), v128.load(g, 32), t2);
            t3 = multiplyAdd(v128.load(p, 48), v128.load(g, 48), t3);
          }
          const q = gradient + (<usize>o << 2);
          v128.store(q, f32x4.add(v128.load(q), t0));
          v128.store(q, f32x4.add(v128.load(q, 16), t1), 16);
          v128.store(q, f32x4.add(v128.load(q, 32), t2), 32);
          v128.store(q, f32x4.add(v128.load(q, 48), t3), 48);
        }
      }
      while (o < outChannels) {
        const c = o / multiplier;
        const count = multiplier == 1 ? min(4, channels - c) : min(4, (c + 1) * multiplier - o);
        let total = f32x4.splat(0);
        let p = image + (<usize>c << 2);
        let g = gradients + (<usize>o << 2);
        for (let x = x0; x < x1; x++, p += step, g += outStep) {
          const v = count == 4 ? v128.load(g) : loadPart(g, count);
          let values: v128;
          if (multiplier != 1) values = v128.load32_splat(p);
          else values = count == 4 ? v128.load(p) : loadPart(p, count);
          total = multiplyAdd(values, v, total);
        }
        const q = gradient + (<usize>o << 2);
        if (count == 4) v128.store(q, f32x4.add(v128.load(q), total));
        else storePart(q, f32x4.add(loadPart(q, count), total), count);
        o += count;
      }
    }
  }
}
