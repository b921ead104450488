import { encode } from 'fast-png';

/** Pixels of the picture for one of an image. */
const SCALE = 4;
/** Between an original and its reconstruction, and between neighbours. */
const GAP = 6;
/** Around the pairs, and between one row of pairs and the next. */
const MARGIN = 22;
const FEWEST_COLUMNS = 8;
/** A grey that sets off both black and white images. */
const BACKGROUND = 52;

export interface Images {
  /** `[count, height, width]`, 0 (black) to 1 (white); what is outside is clipped. */
  readonly pixels: ArrayLike<number>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/**
 * A PNG picture of pairs: in each row of pairs the originals, and below each
 * its reconstruction. Equal images give equal bytes.
 */
export function pairsPicture(originals: Images, reconstructions: Images): Uint8Array {
  const { count, height, width } = originals;
  const columns = Math.min(count, Math.max(FEWEST_COLUMNS, Math.ceil(Math.sqrt(2 * count))));
  const rows = Math.ceil(count / columns);
  const tileHeight = height * SCALE;
  const tileWidth = width * SCALE;
  const pairHeight = 2 * tileHeight + GAP;
  const totalWidth = 2 * MARGIN + columns * tileWidth + (columns - 1) * GAP;
  const totalHeight = MARGIN + rows * (pairHeight + MARGIN);
  const picture = new Uint8Array(totalWidth * totalHeight).fill(BACKGROUND);
  for (let index = 0; index < count; index++) {
    const left = MARGIN + (index % columns) * (tileWidth + GAP);
    const top = MARGIN + Math.floor(index / columns) * (pairHeight + MARGIN);
    draw(picture, totalWidth, left, top, originals, index);
    draw(picture, totalWidth, left, top + tileHeight + GAP, reconstructions, index);
  }
  return encode({ width: totalWidth, height: totalHeight, data: picture, channels: 1, depth: 8 });
}

function draw(
  picture: Uint8Array,
  pictureWidth: number,
  left: number,
  top: number,
  { pixels, height, width }: Images,
  index: number,
): void {
  for (let y = 0; y < height * SCALE; y++) {
    const row = (index * height + Math.floor(y / SCALE)) * width;
    const start = (top + y) * pictureWidth + left;
    for (let x = 0; x < width * SCALE; x++) {
      picture[start + x] = toByte(pixels[row + Math.floor(x / SCALE)]!);
    }
  }
}

function toByte(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}
