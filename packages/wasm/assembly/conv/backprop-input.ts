// Gradient of a convolution by its input, which is also the transposed convolution: the product
// dy[positions, outChannels] filter^T[outChannels, taps x channels], whose rows are then added to
// the image where the windows lie. Nothing is multiplied that falls outside of the image's
// stride, and a band of rows stays in the second-level cache until it has been added.
import { BLOCK_K, blockSize } from '../gemm/blocks';
import { packA, ROW_LIST_BYTES } from '../gemm/pack';
import { EDGE_BYTES, multiplyPanels } from '../gemm/panels';
import { TILE_COLUMNS } from '../gemm/tile';
import { addWindow, Corner, CORNER_BYTES, fillZeros, findCorners, Window } from './window';

/** Arguments of {@link convBackpropInputTask} after the window's, whose image is the result. */
@unmanaged
class BackpropInputArguments {
  dy: usize;
  /** filter^T in panels of 8 columns, for each block of channels: [taps, channels of the block]. */
  filter: usize;
  batch: i32;
  outChannels: i32;
  imagesPerTask: i32;
  channelsPerTask: i32;
  channelTasks: i32;
  /** Positions whose products are computed before they are added to the image. */
  rowsPerBand: i32;
  scratch: usize;
  scratchStep: usize;
}

/** Computes some channels of some images. */
export function convBackpropInputTask(args: usize, task: i32, worker: i32): void {
  const w = changetype<Window>(args);
  const p = changetype<BackpropInputArguments>(args + offsetof<Window>());
  const image = (task / p.channelTasks) * p.imagesPerTask;
  const images = min(p.imagesPerTask, p.batch - image);
  const block = task % p.channelTasks;
  const channel = block * p.channelsPerTask;
  const channels = min(p.channelsPerTask, w.channels - channel);
  const taps = w.filterHeight * w.filterWidth;
  const panel = <usize>p.outChannels * (TILE_COLUMNS << 2);
  const filter = p.filter + <usize>(taps * channel / TILE_COLUMNS) * panel;
  const edge = p.scratch + <usize>worker * p.scratchStep;
  const list = edge + EDGE_BYTES;
  const corners = list + ROW_LIST_BYTES;
  const products = corners + <usize>(p.rowsPerBand * CORNER_BYTES);
  const columns = taps * channels;
  const packed = products + (<usize>(p.rowsPerBand * columns) << 2);
  const blockK = blockSize(p.outChannels, BLOCK_K);
  const step = <usize>p.outChannels << 2;

  clear(w, image, images, channel, channels);
  const perImage = w.outHeight * w.outWidth;
  const end = (image + images) * perImage;
  for (let row = image * perImage; row < end; row += p.rowsPerBand) {
    const rows = min(p.rowsPerBand, end - row);
    const dy = p.dy + <usize>row * step;
    let k = 0;
    do {
      const count = min(blockK, p.outChannels - k);
      packA(dy + (<usize>k << 2), step, rows, count, packed, list);
      multiplyPanels(
        packed, 0, rows, filter + <usize>(k * (TILE_COLUMNS << 2)), TILE_COLUMNS << 2, panel,
        columns, count, products, <usize>columns << 2, k > 0, edge);
      k += count;
    } while (k < p.outChannels);
    findCorners(w, row, rows, corners);
    addBand(w, corners, rows, products, channel, channels);
  }
}

function addBand(
  w: Window, corners: usize, rows: i32, products: usize, channel: i32, channels: i32,
): void {
  const bytes = <usize>(w.filterHeight * w.filterWidth * channels) << 2;
  for (let i = 0; i < rows; i++) {
    const corner = changetype<Corner>(corners + <usize>(i * CORNER_BYTES));
    addWindow(w, corner, products, channel, channels);
    products += bytes;
  }
}

/** Sets the task's part of the result to zero. */
function clear(w: Window, image: i32, images: i32, channel: i32, channels: i32): void {
  const pixels = w.height * w.width;
  let target = w.image + (<usize>(image * pixels * w.channels + channel) << 2);
  if (channels == w.channels) return fillZeros(target, images * pixels * channels);
  for (let i = images * pixels; i > 0; i--) {
    fillZeros(target, channels);
    target += <usize>w.channels << 2;
  }
}
