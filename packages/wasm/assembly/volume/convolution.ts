// Convolutions of volumes: [batch, depth, height, width, channels] by a filter
// [depth, height, width, channels, output channels].
import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';
import { inputAt, inputVoxel, outputAt, outputVoxel, word } from './window';

/** Byte offset of the weights of one tap and input channel. */
// @ts-ignore: decorator
@inline
function weights(args: usize, k: i32, i: i32, j: i32, c: i32): usize {
  const tap = (k * word(args, 12) + i) * word(args, 13) + j;
  return <usize>((tap * word(args, 7) + c) * word(args, 23)) << 2;
}

/** total + value * the vector at `pointer`, of which `count` lanes are real. */
// @ts-ignore: decorator
@inline
function addProduct(total: v128, value: usize, pointer: usize, count: i32): v128 {
  const v = count >= 4 ? v128.load(pointer) : loadPart(pointer, count);
  return multiplyAdd(v128.load32_splat(value), v, total);
}

/** Pointers: x, filter, y. A task is an output row. */
export function conv3DTask(args: usize, task: i32, _worker: i32): void {
  const channels = word(args, 7);
  const outChannels = word(args, 23);
  const plane = task / word(args, 9);
  const outY = task - plane * word(args, 9);
  const b = plane / word(args, 8);
  const outZ = plane - b * word(args, 8);
  for (let outX = 0; outX < word(args, 10); outX++) {
    const y = load<usize>(args, 8) + outputVoxel(args, b, outZ, outY, outX, outChannels);
    for (let o = 0; o < outChannels; o += 4) {
      let total = f32x4.splat(0);
      for (let k = 0; k < word(args, 11); k++) {
        const inZ = inputAt(args, 0, outZ, k);
        if (<u32>inZ >= <u32>word(args, 4)) continue;
        for (let i = 0; i < word(args, 12); i++) {
          const inY = inputAt(args, 1, outY, i);
          if (<u32>inY >= <u32>word(args, 5)) continue;
          for (let j = 0; j < word(args, 13); j++) {
            const inX = inputAt(args, 2, outX, j);
            if (<u32>inX >= <u32>word(args, 6)) continue;
            const x = load<usize>(args) + inputVoxel(args, b, inZ, inY, inX);
            const w = load<usize>(args, 4) + weights(args, k, i, j, 0) + (<usize>o << 2);
            for (let c = 0; c < channels; c++) {
              const row = <usize>(c * outChannels) << 2;
              total = addProduct(total, x + (<usize>c << 2), w + row, outChannels - o);
            }
          }
        }
      }
      if (outChannels - o >= 4) v128.store(y + (<usize>o << 2), total);
      else storePart(y + (<usize>o << 2), total, outChannels - o);
    }
  }
}

/** Pointers: dx, filter, dy. A task is a row of dx. */
export function conv3DBackpropInputTask(args: usize, task: i32, _worker: i32): void {
  const outChannels = word(args, 23);
  const plane = task / word(args, 5);
  const inY = task - plane * word(args, 5);
  const b = plane / word(args, 4);
  const inZ = plane - b * word(args, 4);
  for (let inX = 0; inX < word(args, 6); inX++) {
    const dx = load<usize>(args) + inputVoxel(args, b, inZ, inY, inX);
    for (let c = 0; c < word(args, 7); c++) {
      let total: f64 = 0;
      for (let k = 0; k < word(args, 11); k++) {
        const outZ = outputAt(args, 0, inZ, k);
        if (outZ < 0) continue;
        for (let i = 0; i < word(args, 12); i++) {
          const outY = outputAt(args, 1, inY, i);
          if (outY < 0) continue;
          for (let j = 0; j < word(args, 13); j++) {
            const outX = outputAt(args, 2, inX, j);
            if (outX < 0) continue;
            const g = load<usize>(args, 8) + outputVoxel(args, b, outZ, outY, outX, outChannels);
            const w = load<usize>(args, 4) + weights(args, k, i, j, c);
            for (let o: usize = 0; o < <usize>outChannels << 2; o += 4) {
              total += <f64>(load<f32>(g + o) * load<f32>(w + o));
            }
          }
        }
      }
      store<f32>(dx + (<usize>c << 2), <f32>total);
    }
  }
}

/** Pointers: x, gradient of the filter, dy. A task is one tap. */
export function conv3DBackpropFilterTask(args: usize, task: i32, _worker: i32): void {
  const outChannels = word(args, 23);
  const area = word(args, 12) * word(args, 13);
  const k = task / area;
  const i = (task - k * area) / word(args, 13);
  const j = task - k * area - i * word(args, 13);
  for (let c = 0; c < word(args, 7); c++) {
    const gradient = load<usize>(args, 4) + weights(args, k, i, j, c);
    for (let o = 0; o < outChannels; o += 4) {
      let total = f32x4.splat(0);
      for (let b = 0; b < word(args, 3); b++) {
        for (let outZ = 0; outZ < word(args, 8); outZ++) {
          const inZ = inputAt(args, 0, outZ, k);
          if (<u32>inZ >= <u32>word(args, 4)) continue;
          for (let outY = 0; outY < word(args, 9); outY++) {
            const inY = inputAt(args, 1, outY, i);
            if (<u32>inY >= <u32>word(args, 5)) continue;
            // Row by row, which keeps the rounding errors of long sums small.
            let row = f32x4.splat(0);
            for (let outX = 0; outX < word(args, 10); outX++) {
              const inX = inputAt(args, 2, outX, j);
              if (<u32>inX >= <u32>word(args, 6)) continue;
              const x = load<usize>(args) + inputVoxel(args, b, inZ, inY, inX) + (<usize>c << 2);
              const g = load<usize>(args, 8) +
                outputVoxel(args, b, outZ, outY, outX, outChannels) + (<usize>o << 2);
              row = addProduct(row, x, g, outChannels - o);
            }
            total = f32x4.add(total, row);
          }
        }
      }
      if (outChannels - o >= 4) v128.store(gradient + (<usize>o << 2), total);
      else storePart(gradient + (<usize>o << 2), total, outChannels - o);
    }
  }
}
