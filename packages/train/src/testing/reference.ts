import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(__dirname, '../../../../reference/data');

/** A file made by the Python programs in `reference/`. */
export function referenceBytes(file: string): Uint8Array {
  return readFileSync(join(DATA, file));
}

/** The same, as JSON. */
export function referenceJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(DATA, file), 'utf8')) as T;
}
