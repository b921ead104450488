import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { pixel, word } from './window';

/** One task is one row of the gradient of the input; words as in ./window. */
export function depthwiseBackpropInputTask(args: usize, task: i32, _worker: i32): void {
  const filter = load<usize>(args, 4);
  const dy = load<usize>(args, 8);
  const height = word(args, 4);
  const width = word(args, 5);
  const channels = word(args, 6);
  const multiplier = word(args, 7);
  const filterHeight = word(args, 8);
  const filterWidth = word(args, 9);
  const outHeight = word(args, 10);
  const outWidth = word(args, 11);
  const strideY = word(args, 12);
  const strideX = word(args, 13);
  const outChannels = channels * multiplier;
  const b = task / height;
  const inY = task - b * height;
  let dx = load<usize>(args) + (pixel(b, inY, 0, height, width, channels) << 2);
  for (let inX = 0; inX < width; inX++) {
    for (let c = 0; c < channels; ) {
      const count = multiplier == 1 ? min(4, channels - c) : 1;
      let total = f32x4.splat(0);
      for (let i = 0; i < filterHeight; i++) {
        // The output rows whose tap i met this one: outY * stride = inY + top - i * dilation.
        const fromY = inY + word(args, 16) - i * word(args, 14);
        const outY = fromY / strideY;
        if (fromY < 0 || outY >= outHeight || outY * strideY != fromY) continue;
        for (let j = 0; j < filterWidth; j++) {
          const fromX = inX + word(args, 17) - j * word(args, 15);
          const outX = fromX / strideX;
          if (fromX < 0 || outX >= outWidth || outX * strideX != fromX) continue;
          const o = c * multiplier;
          const g = dy + ((pixel(b, outY, outX, outHeight, outWidth, outChannels) + o) << 2);
          const w = filter + (<usize>((i * filterWidth + j) * outChannels + o) << 2);
          if (multiplier == 1) {
            const gradients = count == 4 ? v128.load(g) : loadPart(g, count);
            total = multiplyAdd(gradients, count == 4 ? v128.load(w) : loadPart(w, count), total);
          } else {
            let sum: f32 = 0;
            for (let m: usize = 0; m < <usize>multiplier << 2; m += 4) {
              sum += load<f32>(g + m) * load<f32>(w + m);
            }
            total = f32x4.add(total, f32x4.splat(sum));
          }
        }
      }
      if (count == 4) v128.store(dx, total);
      else storePart(dx, total, count);
      dx += <usize>count << 2;
      c += count;
    }
  }
}
