import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { pixel, word } from './window';

/** The gradient of up to four input channels from one tap. */
// @ts-ignore: decorator
@inline
function addTap(total: v128, g: usize, w: usize, count: i32, multiplier: i32): v128 {
  if (multiplier == 1) {
    if (count == 4) return multiplyAdd(v128.load(g), v128.load(w), total);
    return multiplyAdd(loadPart(g, count), loadPart(w, count), total);
  }
  let sum: f32 = 0;
  for (let m: usize = 0; m < <usize>multiplier << 2; m += 4) {
    sum += load<f32>(g + m) * load<f32>(w + m);
  }
  return f32x4.add(total, f32x4.splat(sum));
}

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
  const dilationY = word(args, 14);
  const dilationX = word(args, 15);
  const paddingY = word(args, 16);
  const paddingX = word(args, 17);
  const outChannels = channels * multiplier;
  const b = task / height;
  const inY = task - b * height;
  const bytes = <usize>(width * channels) << 2;
  const row = load<usize>(args) + pixel(b, inY, 0, height, width, channels);
  memory.fill(row, 0, bytes);
  // Tap by tap over the row: its outputs have outY * stride = inY + padding - i * dilation.
  for (let i = 0; i < filterHeight; i++) {
    const fromY = inY + paddingY - i * dilationY;
    const outY = fromY / strideY;
    if (fromY < 0 || outY >= outHeight || outY * strideY != fromY) continue;
    for (let j = 0; j < filterWidth; j++) {
      const w = filter + (<usize>((i * filterWidth + j) * outChannels) << 2);
      for (let outX = 0; outX < outWidth; outX++) {
        const inX = outX * strideX + j * dilationX - paddingX;
        if (<u32>inX >= <u32>width) continue;
        const g = dy + pixel(b, outY, outX, outHeight, outWidth, outChannels);
        const dx = row + (<usize>(inX * channels) << 2);
        for (let c = 0; c < channels; ) {
          const count = multiplier == 1 ? min(4, channels - c) : 1;
          const at = <usize>c << 2;
          const from = at * multiplier;
          const old = count == 4 ? v128.load(dx + at) : loadPart(dx + at, count);
          const total = addTap(old, g + from, w + from, count, multiplier);
          if (count == 4) v128.store(dx + at, total);
          else storePart(dx + at, total, count);
          c += count;
        }
      }
    }
  }
}
