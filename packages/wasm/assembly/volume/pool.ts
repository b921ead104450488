import { loadPart, storePart } from '../elementwise/lanes';
import { endTap, firstTap } from '../depthwise/window';
import { inputAt, inputVoxel, outputAt, outputVoxel, word } from './window';

// @ts-ignore: decorator
@inline
function read(pointer: usize, count: i32): v128 {
  return count >= 4 ? v128.load(pointer) : loadPart(pointer, count);
}

// @ts-ignore: decorator
@inline
function write(pointer: usize, v: v128, count: i32): void {
  if (count >= 4) v128.store(pointer, v);
  else storePart(pointer, v, count);
}

// @ts-ignore: decorator
@inline
function take(largest: bool, total: v128, v: v128): v128 {
  return largest ? f32x4.max(total, v) : f32x4.add(total, v);
}

// @ts-ignore: decorator
@inline
function pool(largest: bool, args: usize, task: i32): void {
  const height = word(args, 5);
  const width = word(args, 6);
  const channels = word(args, 7);
  const outDepth = word(args, 8);
  const outHeight = word(args, 9);
  const outWidth = word(args, 10);
  const plane = task / outHeight;
  const outY = task - plane * outHeight;
  const b = plane / outDepth;
  const outZ = plane - b * outDepth;
  const fromZ = inputAt(args, 0, outZ, 0);
  const fromY = inputAt(args, 1, outY, 0);
  const stepZ = word(args, 17);
  const stepY = word(args, 18);
  const stepX = word(args, 19);
  const k0 = firstTap(fromZ, stepZ);
  const k1 = endTap(fromZ, stepZ, word(args, 4), word(args, 11));
  const i0 = firstTap(fromY, stepY);
  const i1 = endTap(fromY, stepY, height, word(args, 12));
  const bytesX = <usize>(stepX * channels) << 2;
  const bytesY = <usize>(stepY * width * channels) << 2;
  const bytesZ = <usize>(stepZ * height * width * channels) << 2;
  let y = load<usize>(args, 4) + outputVoxel(args, b, outZ, outY, 0, channels);
  for (let outX = 0; outX < outWidth; outX++) {
    const fromX = inputAt(args, 2, outX, 0);
    const j0 = firstTap(fromX, stepX);
    const j1 = endTap(fromX, stepX, width, word(args, 13));
    const x = load<usize>(args) +
      inputVoxel(args, b, fromZ + k0 * stepZ, fromY + i0 * stepY, fromX + j0 * stepX);
    const taps = (k1 - k0) * (i1 - i0) * (j1 - j0);
    const scale = f32x4.splat(<f32>taps);
    const start = f32x4.splat(largest ? -Infinity : 0);
    let c = 0;
    for (; c + 16 <= channels; c += 16, y += 64) {
      let t0 = start;
      let t1 = start;
      let t2 = start;
      let t3 = start;
      let pz = x + (<usize>c << 2);
      for (let k = k0; k < k1; k++, pz += bytesZ) {
        let py = pz;
        for (let i = i0; i < i1; i++, py += bytesY) {
          let p = py;
          for (let j = j0; j < j1; j++, p += bytesX) {
            t0 = take(largest, t0, v128.load(p));
            t1 = take(largest, t1, v128.load(p, 16));
            t2 = take(largest, t2, v128.load(p, 32));
            t3 = take(largest, t3, v128.load(p, 48));
          }
        }
      }
      v128.store(y, largest ? t0 : f32x4.div(t0, scale));
      v128.store(y, largest ? t1 : f32x4.div(t1, scale), 16);
      v128.store(y, largest ? t2 : f32x4.div(t2, scale), 32);
      v128.store(y, largest ? t3 : f32x4.div(t3, scale), 48);
    }
    while (c < channels) {
      const count = min(4, channels - c);
      let total = start;
      let pz = x + (<usize>c << 2);
      for (let k = k0; k < k1; k++, pz += bytesZ) {
        let py = pz;
        for (let i = i0; i < i1; i++, py += bytesY) {
          let p = py;
          for (let j = j0; j < j1; j++, p += bytesX) total = take(largest, total, read(p, count));
        }
      }
      write(y, largest ? total : f32x4.div(total, scale), count);
      y += <usize>count << 2;
      c += count;
    }
  }
}

/** The largest value of each window, NaN if it has one. Pointers: x, y. A task is an output row. */
export function maxPoolTask(args: usize, task: i32, _worker: i32): void {
  pool(true, args, task);
}

/** The mean of each window's values; padding does not count. */
export function averagePoolTask(args: usize, task: i32, _worker: i32): void {
  pool(false, args, task);
}

/** Pointers: dx, dy. As in tfjs, padding counts in the gradient. A task is a row of dx. */
export function averagePoolGradTask(args: usize, task: i32, _worker: i32): void {
  const dy = load<usize>(args, 4);
  const channels = word(args, 7);
  const height = word(args, 5);
  const width = word(args, 6);
  const plane = task / height;
  const inY = task - plane * height;
  const b = plane / word(args, 4);
  const inZ = plane - b * word(args, 4);
  const taps = word(args, 11) * word(args, 12) * word(args, 13);
  const scale = f32x4.splat(<f32>(1.0 / <f64>taps));
  for (let inX = 0; inX < width; inX++) {
    const dx = load<usize>(args) + inputVoxel(args, b, inZ, inY, inX);
    for (let c = 0; c < channels; c += 4) {
      const at = <usize>c << 2;
      let total = f32x4.splat(0);
      for (let k = 0; k < word(args, 11); k++) {
        const outZ = outputAt(args, 0, inZ, k);
        if (outZ < 0) continue;
        for (let i = 0; i < word(args, 12); i++) {
          const outY = outputAt(args, 1, inY, i);
          if (outY < 0) continue;
          for (let j = 0; j < word(args, 13); j++) {
            const outX = outputAt(args, 2, inX, j);
            if (outX < 0) continue;
            const g = dy + outputVoxel(args, b, outZ, outY, outX, channels) + at;
            total = f32x4.add(total, read(g, channels - c));
          }
        }
      }
      write(dx + at, f32x4.mul(total, scale), channels - c);
    }
  }
}

/**
 * Each gradient goes to the first of the largest values of its window. Pointers: dx, dy, x. A task
 * is one image, whose windows may overlap.
 */
export function maxPoolGradTask(args: usize, task: i32, _worker: i32): void {
  const dx = load<usize>(args);
  const x = load<usize>(args, 8);
  const channels = word(args, 7);
  const image = inputVoxel(args, 1, 0, 0, 0);
  memory.fill(dx + <usize>task * image, 0, image);
  for (let outZ = 0; outZ < word(args, 8); outZ++) {
    for (let outY = 0; outY < word(args, 9); outY++) {
      for (let outX = 0; outX < word(args, 10); outX++) {
        const dy = load<usize>(args, 4) + outputVoxel(args, task, outZ, outY, outX, channels);
        for (let c: usize = 0; c < <usize>channels << 2; c += 4) {
          let largest: f32 = -Infinity;
          let place: isize = -1;
          for (let k = 0; k < word(args, 11); k++) {
            const inZ = inputAt(args, 0, outZ, k);
            if (<u32>inZ >= <u32>word(args, 4)) continue;
            for (let i = 0; i < word(args, 12); i++) {
              const inY = inputAt(args, 1, outY, i);
              if (<u32>inY >= <u32>word(args, 5)) continue;
              for (let j = 0; j < word(args, 13); j++) {
                const inX = inputAt(args, 2, outX, j);
                if (<u32>inX >= <u32>word(args, 6)) continue;
                const at = inputVoxel(args, task, inZ, inY, inX) + c;
                const value = load<f32>(x + at);
                if (value > largest) {
                  largest = value;
                  place = at;
                }
              }
            }
          }
          if (place >= 0) {
            store<f32>(dx + place, load<f32>(dx + place) + load<f32>(dy + c));
          }
        }
      }
    }
  }
}
