// One update of every variable. A task is a list of blocks, which many small variables share.
import { loadPart, storePart } from '../elementwise/lanes';

/**
 * u' = momentum u - rate g, or -rate g without velocities (u is 0)
 * x' = x - decay x + u', or with Nesterov's look ahead x - decay x + momentum u' - rate g
 *
 * Words: rate, momentum, nesterov (0 or 1), ends, blocks; `ends` as in ./adam. A block has 7 words:
 * x, g, u, x', u', elements, decay.
 */
export function sgdTask(args: usize, task: i32, _worker: i32): void {
  const ends = load<usize>(args, 12) + (<usize>task << 2);
  const blocks = load<usize>(args, 16);
  const end = blocks + load<i32>(ends) * 28;
  let block = blocks + (task > 0 ? load<i32>(ends - 4) : 0) * 28;
  for (; block < end; block += 28) update(args, block);
}

function update(args: usize, entry: usize): void {
  const rate = v128.load32_splat(args);
  const momentum = v128.load32_splat(args, 4);
  const nesterov = load<i32>(args, 8);
  let x = load<usize>(entry);
  let g = load<usize>(entry, 4);
  let u = load<usize>(entry, 8);
  let toX = load<usize>(entry, 12);
  let toU = load<usize>(entry, 16);
  const n = load<i32>(entry, 20);
  const decay = v128.load32_splat(entry, 24);
  const hasVelocity = u != 0;

  for (let i = 0; i < n; i += 4) {
    const count = n - i;
    const whole = count >= 4;
    const value = whole ? v128.load(x) : loadPart(x, count);
    const gradient = f32x4.mul(rate, whole ? v128.load(g) : loadPart(g, count));
    const decayed = f32x4.sub(value, f32x4.mul(decay, value));
    let newValue = f32x4.sub(decayed, gradient);
    if (hasVelocity) {
      const old = whole ? v128.load(u) : loadPart(u, count);
      const velocity = f32x4.sub(f32x4.mul(momentum, old), gradient);
      newValue = f32x4.add(
        decayed,
        nesterov ? f32x4.sub(f32x4.mul(momentum, velocity), gradient) : velocity);
      if (whole) v128.store(toU, velocity);
      else storePart(toU, velocity, count);
      u += 16;
      toU += 16;
    }
    if (whole) v128.store(toX, newValue);
    else storePart(toX, newValue, count);
    x += 16;
    g += 16;
    toX += 16;
  }
}
