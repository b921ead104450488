import { IMAGE_SIZE, PIXELS } from '../trainer/protocol.js';

/**
 * Image files as 28 x 28 gray images, 0..1: scaled to fit, centred on black. Dark drawings on
 * a light ground are inverted, as the digits are light on dark.
 *
 * @throws Error naming the file that is no image
 */
export async function readImages(files: readonly File[]): Promise<Float32Array> {
  const pixels = new Float32Array(files.length * PIXELS);
  for (const [index, file] of files.entries()) pixels.set(await readImage(file), index * PIXELS);
  return pixels;
}

async function readImage(file: File): Promise<Float32Array> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} is not an image that this browser can read.`);
  });
  const scale = IMAGE_SIZE / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  const context = new OffscreenCanvas(IMAGE_SIZE, IMAGE_SIZE).getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = edgeColor(bitmap);
  context.fillRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);
  context.drawImage(bitmap, (IMAGE_SIZE - width) / 2, (IMAGE_SIZE - height) / 2, width, height);
  bitmap.close();
  const { data } = context.getImageData(0, 0, IMAGE_SIZE, IMAGE_SIZE);
  const gray = Float32Array.from({ length: PIXELS }, (_, at) => luminance(data, at * 4));
  const edge = gray[0]!;
  return edge > 0.5 ? gray.map((value) => 1 - value) : gray;
}

/** The colour of a corner, to fill what a wide or tall image leaves free. */
function edgeColor(bitmap: ImageBitmap): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.fillRect(0, 0, 1, 1);
  context.drawImage(bitmap, 0, 0);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red} ${green} ${blue})`;
}

/** Of sRGB values, by the weights of ITU-R BT.601. */
function luminance(data: Uint8ClampedArray, at: number): number {
  return (0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!) / 255;
}
