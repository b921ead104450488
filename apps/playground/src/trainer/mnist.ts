import { PIXELS } from './protocol.js';

/** Gray images with a digit each. */
export interface LabelledImages {
  /** `[count * 784]`, 0..255. */
  readonly pixels: Uint8Array;
  /** `[count]`, 0..9. */
  readonly labels: Uint8Array;
}

const IMAGES_PER_CHUNK = 5000;
const CHUNK_BYTES = IMAGES_PER_CHUNK * (PIXELS + 1);

async function loadChunk(name: string): Promise<Uint8Array> {
  const url = new URL(`${import.meta.env.BASE_URL}mnist/${name}.gz`, globalThis.location.href);
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new Error(`The data file ${name}.gz could not be loaded (${response.status}).`);
  }
  // A server may have declared the compression, in which case the browser has undone it.
  const compressed = response.headers.get('Content-Encoding') === null;
  const stream = compressed
    ? response.body.pipeThrough(new DecompressionStream('gzip'))
    : response.body;
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (bytes.length !== CHUNK_BYTES) {
    throw new Error(
      `The data file ${name}.gz has ${bytes.length} bytes instead of ${CHUNK_BYTES}.`,
    );
  }
  return bytes;
}

/**
 * Loads a part of MNIST, a few files at a time.
 *
 * @param onChunk is called after each file
 */
export async function loadMnist(
  split: 'train' | 'test',
  chunks: number,
  onChunk: () => void,
): Promise<LabelledImages> {
  const pixels = new Uint8Array(chunks * IMAGES_PER_CHUNK * PIXELS);
  const labels = new Uint8Array(chunks * IMAGES_PER_CHUNK);
  const names = Array.from({ length: chunks }, (_, index) => index);
  const load = async (): Promise<void> => {
    for (let index = names.shift(); index !== undefined; index = names.shift()) {
      const bytes = await loadChunk(`${split}-${index}`);
      const images = IMAGES_PER_CHUNK * PIXELS;
      pixels.set(bytes.subarray(0, images), index * images);
      labels.set(bytes.subarray(images), index * IMAGES_PER_CHUNK);
      onChunk();
    }
  };
  await Promise.all([load(), load(), load()]);
  return { pixels, labels };
}
