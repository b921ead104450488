// Where the elements under a filter lie in an image [batch, height, width, channels].
//
// For one output position and one row of the filter they are one run of filterWidth x
// channels neighbours in memory, or, if dilated, filterWidth runs of `channels`.

/** Geometry of a convolution; 14 words at the start of each convolution's arguments. */
@unmanaged
export class Window {
  image: usize;
  height: i32;
  width: i32;
  channels: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  padTop: i32;
  padLeft: i32;
  outHeight: i32;
  outWidth: i32;
}

/** The corner of one output position's window, which may lie outside of the image. */
@unmanaged
export class Corner {
  /** Address of the corner's first channel, were the image continued over its edges. */
  address: usize;
  y: i32;
  x: i32;
}

export const CORNER_BYTES: i32 = 12;

/** Finds the corners of `count` positions from `position` (of all images' outputs) on. */
export function findCorners(w: Window, position: i32, count: i32, corners: usize): void {
  const perImage = w.outHeight * w.outWidth;
  let image = position / perImage;
  let outY = (position % perImage) / w.outWidth;
  let outX = position % w.outWidth;
  const pixel = w.channels << 2;
  for (let i = 0; i < count; i++) {
    const corner = changetype<Corner>(corners);
    const y = outY * w.strideHeight - w.padTop;
    const x = outX * w.strideWidth - w.padLeft;
    corner.y = y;
    corner.x = x;
    corner.address = w.image + <usize>(((image * w.height + y) * w.width + x) * pixel);
    corners += CORNER_BYTES;
    if (++outX == w.outWidth) {
      outX = 0;
      if (++outY == w.outHeight) {
        outY = 0;
        image++;
      }
    }
  }
}

/**
 * Address of the elements `from` to before `to` of the run under the filter's row `filterY`: in
 * the image if all of them are there, else copied to `spare`, with zeros outside of the image.
 */
export function runAddress(
  w: Window, corner: Corner, filterY: i32, from: i32, to: i32, spare: usize,
): usize {
  const down = filterY * w.dilationHeight;
  const y = corner.y + down;
  const isInside =
    w.dilationWidth == 1 && corner.x >= 0 && corner.x + w.filterWidth <= w.width &&
    <u32>y < <u32>w.height;
  if (isInside) {
    return corner.address + <usize>((down * w.width * w.channels + from) << 2);
  }
  copyRun(w, corner, filterY, from, to, spare);
  return spare;
}

/** Copies the elements `from` to before `to` of a run, with zeros outside of the image. */
function copyRun(
  w: Window, corner: Corner, filterY: i32, from: i32, to: i32, target: usize,
): void {
  const down = filterY * w.dilationHeight;
  const y = corner.y + down;
  if (<u32>y >= <u32>w.height) return fillZeros(target, to - from);
  const address = corner.address + <usize>(down * w.width * w.channels << 2);
  if (w.dilationWidth == 1) {
    // The part of the run that lies inside of the image.
    const first = min(max(-corner.x * w.channels, from), to);
    const last = max(min((w.width - corner.x) * w.channels, to), first);
    fillZeros(target, first - from);
    const inside = target + (<usize>(first - from) << 2);
    copyFloats(inside, address + (<usize>first << 2), last - first);
    fillZeros(target + (<usize>(last - from) << 2), to - last);
    return;
  }
  for (let i = from; i < to;) {
    const filterX = i / w.channels;
    const channel = i % w.channels;
    const count = min(w.channels - channel, to - i);
    const across = filterX * w.dilationWidth;
    if (<u32>(corner.x + across) < <u32>w.width) {
      copyFloats(target, address + (<usize>(across * w.channels + channel) << 2), count);
    } else {
      fillZeros(target, count);
    }
    target += <usize>count << 2;
    i += count;
  }
}

/** Whether the whole window lies inside of the image, each of its rows being one run. */
// @ts-ignore: decorator
@inline
export function isInside(w: Window, corner: Corner): bool {
  return corner.x >= 0 && corner.x + w.filterWidth <= w.width && corner.y >= 0 &&
    corner.y + (w.filterHeight - 1) * w.dilationHeight < w.height && w.dilationWidth == 1;
}

/** Bytes from one row of a window to the next in the image. */
// @ts-ignore: decorator
@inline
export function rowBytes(w: Window): usize {
  return <usize>(w.dilationHeight * w.width * w.channels) << 2;
}

/** Copies the elements `from` to before `to` of the runs `firstY` to before `lastY`. */
export function copyWindow(
  w: Window, corner: Corner, firstY: i32, lastY: i32, from: i32, to: i32, target: usize,
): void {
  const step = <usize>(to - from) << 2;
  if (isInside(w, corner)) {
    const below = rowBytes(w);
    let source = corner.address + <usize>firstY * below + (<usize>from << 2);
    for (let y = firstY; y < lastY; y++) {
      copyFloats(target, source, to - from);
      source += below;
      target += step;
    }
    return;
  }
  for (let y = firstY; y < lastY; y++) {
    copyRun(w, corner, y, from, to, target);
    target += step;
  }
}

/** Adds `[filterHeight, filterWidth, channels]` to the image; what lies outside is dropped. */
export function addWindow(
  w: Window, corner: Corner, source: usize, channel: i32, channels: i32,
): void {
  const run = w.filterWidth * channels;
  const step = <usize>run << 2;
  if (isInside(w, corner) && channels == w.channels) {
    const below = rowBytes(w);
    let target = corner.address;
    for (let y = w.filterHeight; y > 0; y--) {
      addFloats(target, source, run);
      target += below;
      source += step;
    }
    return;
  }
  for (let y = 0; y < w.filterHeight; y++) {
    addRun(w, corner, y, source, channel, channels);
    source += step;
  }
}

function addRun(
  w: Window, corner: Corner, filterY: i32, source: usize, channel: i32, channels: i32,
): void {
  const down = filterY * w.dilationHeight;
  if (<u32>(corner.y + down) >= <u32>w.height) return;
  const address = corner.address + <usize>((down * w.width * w.channels + channel) << 2);
  if (channels == w.channels && w.dilationWidth == 1) {
    const first = max(-corner.x, 0);
    const last = min(w.width - corner.x, w.filterWidth);
    const offset = <usize>(first * channels) << 2;
    addFloats(address + offset, source + offset, (last - first) * channels);
    return;
  }
  for (let filterX = 0; filterX < w.filterWidth; filterX++) {
    const across = filterX * w.dilationWidth;
    if (<u32>(corner.x + across) < <u32>w.width) {
      addFloats(address + (<usize>(across * w.channels) << 2), source, channels);
    }
    source += <usize>channels << 2;
  }
}

export function fillZeros(target: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(target, f32x4.splat(0));
    target += 16;
  }
  for (; count > 0; count--) {
    store<f32>(target, 0);
    target += 4;
  }
}

// @ts-ignore: decorator
@inline
function copyFloats(target: usize, source: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(target, v128.load(source));
    target += 16;
    source += 16;
  }
  for (; count > 0; count--) {
    store<f32>(target, load<f32>(source));
    target += 4;
    source += 4;
  }
}

// @ts-ignore: decorator
@inline
function addFloats(target: usize, source: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
    source += 16;
  }
  for (; count > 0; count--) {
    store<f32>(target, load<f32>(target) + load<f32>(source));
    target += 4;
    source += 4;
  }
}
