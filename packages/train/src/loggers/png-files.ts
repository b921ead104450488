import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageWriter } from './image-log.js';

/** Writes pictures to a folder: `reconstructions-000300.png`. */
export function pngFiles(directory: string): ImageWriter {
  return {
    async writeImage(tag, step, { bytes }) {
      await mkdir(directory, { recursive: true });
      const name = tag.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^\.+/, '');
      await writeFile(join(directory, `${name}-${String(step).padStart(6, '0')}.png`), bytes);
    },
  };
}
