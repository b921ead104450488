// One update of every variable. A task is a list of blocks, which many small variables share.
import { multiplyAdd } from '../elementwise/math';
import { loadPart, storePart } from '../elementwise/lanes';

/**
 * m' = beta1 m + (1 - beta1) g
 * v' = beta2 v + (1 - beta2) g^2
 * x' = x - decay x - stepSize m' / (sqrt(v') + epsilon)
 *
 * Words: stepSize, beta1, beta2, epsilon, 1 - beta1, 1 - beta2, ends, blocks. `ends` has for each
 * task the number of its last block, plus one. A block has 9 words: x, g, m, v, x', m', v',
 * elements, decay.
 */
export function adamTask(args: usize, task: i32, _worker: i32): void {
  const ends = load<usize>(args, 24) + (<usize>task << 2);
  const blocks = load<usize>(args, 28);
  const end = blocks + load<i32>(ends) * 36;
  let block = blocks + (task > 0 ? load<i32>(ends - 4) : 0) * 36;
  for (; block < end; block += 36) update(args, block);
}

function update(args: usize, entry: usize): void {
  const stepSize = v128.load32_splat(args);
  const beta1 = v128.load32_splat(args, 4);
  const beta2 = v128.load32_splat(args, 8);
  const epsilon = v128.load32_splat(args, 12);
  const rest1 = v128.load32_splat(args, 16);
  const rest2 = v128.load32_splat(args, 20);
  let x = load<usize>(entry);
  let g = load<usize>(entry, 4);
  let m = load<usize>(entry, 8);
  let v = load<usize>(entry, 12);
  let toX = load<usize>(entry, 16);
  let toM = load<usize>(entry, 20);
  let toV = load<usize>(entry, 24);
  const n = load<i32>(entry, 28);
  const decay = v128.load32_splat(entry, 32);

  for (let i = 0; i < n; i += 4) {
    const count = n - i;
    const whole = count >= 4;
    const value = whole ? v128.load(x) : loadPart(x, count);
    const gradient = whole ? v128.load(g) : loadPart(g, count);
    const first = whole ? v128.load(m) : loadPart(m, count);
    const second = whole ? v128.load(v) : loadPart(v, count);
    const newFirst = multiplyAdd(beta1, first, f32x4.mul(rest1, gradient));
    const squared = f32x4.mul(gradient, gradient);
    const newSecond = multiplyAdd(beta2, second, f32x4.mul(rest2, squared));
    const step = f32x4.div(
      f32x4.mul(stepSize, newFirst), f32x4.add(f32x4.sqrt(newSecond), epsilon));
    const decayed = f32x4.sub(value, f32x4.mul(decay, value));
    const newValue = f32x4.sub(decayed, step);
    if (whole) {
      v128.store(toX, newValue);
      v128.store(toM, newFirst);
      v128.store(toV, newSecond);
    } else {
      storePart(toX, newValue, count);
      storePart(toM, newFirst, count);
      storePart(toV, newSecond, count);
    }
    x += 16;
    g += 16;
    m += 16;
    v += 16;
    toX += 16;
    toM += 16;
    toV += 16;
  }
}
