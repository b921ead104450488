import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StateDict } from '@ae/module';
import { fillUniform, foldIn } from '@ae/random';
import { readSafetensors, toStateDict } from '@ae/train';

const FOLDER = join(__dirname, '../../../reference/data');

/** The bytes of a file of `reference/data`. */
export function readReference(file: string): Uint8Array {
  return readFileSync(join(FOLDER, file));
}

/** The tensors of `reference/data/<name>.safetensors`. */
export function readTensors(name: string): StateDict {
  return toStateDict(readSafetensors(readReference(`${name}.safetensors`)));
}

/** The contents of `reference/data/<name>.json`. */
export function readJson<Content>(name: string): Content {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
}

/** Numbers that both sides draw for themselves: `uniform(fold_in(seed, purpose), ...)` in Python. */
export function draw(
  seed: number,
  purpose: readonly (string | number)[],
  shape: readonly number[],
  low = -1,
  high = 1,
): Float32Array {
  return fillUniform(foldIn(seed, ...purpose), new Float32Array(sizeOf(shape)), low, high);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
