import { IMAGE_SIZE, type Images, PIXELS } from '../trainer/protocol.js';

/** Draws some gray images side by side, `gap` device pixels apart, at their own size. */
export function drawRow(canvas: HTMLCanvasElement, rows: readonly Images[], gap = 2): void {
  const columns = rows[0]?.count ?? 0;
  const pitch = IMAGE_SIZE + gap;
  const width = Math.max(1, columns * pitch - gap);
  const height = Math.max(1, rows.length * pitch - gap);
  // Setting a size clears a canvas, which would flicker.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d')!;
  for (const [row, images] of rows.entries()) {
    for (let column = 0; column < images.count; column++) {
      const gray = images.pixels.subarray(column * PIXELS, (column + 1) * PIXELS);
      context.putImageData(toImageData(gray), column * pitch, row * pitch);
    }
  }
}

/** One gray image, a byte a pixel, as a canvas takes it. */
export function toImageData(gray: Uint8Array): ImageData {
  const image = new ImageData(IMAGE_SIZE, IMAGE_SIZE);
  for (const [at, value] of gray.entries()) image.data.fill(value, at * 4, at * 4 + 3);
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;
  return image;
}
