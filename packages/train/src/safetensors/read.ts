import { BYTES_PER_ELEMENT, type SafetensorsDtype } from './dtypes.js';
import { SafetensorsError } from './error.js';
import { parseHeader, quote, type TensorEntry } from './header.js';

/** One tensor of a file. */
export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Little-endian and row-major; a view of the file's bytes, not a copy. */
  readonly bytes: Uint8Array;
}

/** A file's contents. */
export interface Safetensors {
  readonly metadata: Map<string, string>;
  /** By name, in the order of the data. */
  readonly tensors: Map<string, SafetensorsTensor>;
}

/** Headers above this size are refused, as the reference implementation does. */
export const LARGEST_HEADER = 100_000_000;

/**
 * Reads a safetensors file: 8 bytes with the length N of the header, N bytes of
 * JSON, then the data that the header describes
 * (https://github.com/huggingface/safetensors, "Format").
 *
 * Everything is checked before anything is allocated: the tensors must cover the
 * data without gaps, overlaps or trailing bytes, and each must have the size
 * that its shape and dtype give.
 *
 * @throws SafetensorsError saying what is wrong
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  // A Node Buffer is a Uint8Array whose slice() does not copy; from here on it is a plain one.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < 8) fail(`it has ${bytes.length} bytes; the length of the header takes 8.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > LARGEST_HEADER) {
    fail(`the header would have ${length} bytes; at most ${LARGEST_HEADER} are allowed.`);
  }
  const dataStart = 8 + length;
  if (dataStart > bytes.length) {
    fail(
      `the header would have ${length} bytes, but only ${bytes.length - 8} follow. Is it cut off?`,
    );
  }
  const { metadata, tensors } = parseHeader(decode(bytes.subarray(8, dataStart)));
  const entries = [...tensors].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  checkLayout(entries, bytes.length - dataStart);
  return {
    metadata,
    tensors: new Map(
      entries.map(([name, { dtype, shape, start, end }]) => [
        name,
        { dtype, shape, bytes: bytes.subarray(dataStart + start, dataStart + end) },
      ]),
    ),
  };
}

function decode(header: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
  } catch {
    return fail('the header is not UTF-8.');
  }
}

/** Throws unless the entries, sorted by start, fill `size` bytes one after the other. */
function checkLayout(entries: readonly (readonly [string, TensorEntry])[], size: number): void {
  let position = 0;
  for (const [name, { dtype, shape, start, end }] of entries) {
    if (start !== position) {
      const problem = start < position ? 'overlaps the tensor before it' : 'leaves a gap before it';
      fail(`${quote(name)} begins at byte ${start} and ${problem}, which ends at ${position}.`);
    }
    const wanted = byteSize(name, dtype, shape);
    if (end - start !== wanted) {
      fail(
        `${quote(name)} has ${end - start} bytes of data; ` +
          `${dtype} of shape [${shape.join(', ')}] takes ${wanted}.`,
      );
    }
    position = end;
  }
  if (position !== size) {
    fail(`the tensors take ${position} bytes, but ${size} follow the header. Is it cut off?`);
  }
}

function byteSize(name: string, dtype: SafetensorsDtype, shape: readonly number[]): number {
  let size: number = BYTES_PER_ELEMENT[dtype];
  for (const dimension of shape) {
    size *= dimension;
    if (!Number.isSafeInteger(size)) {
      fail(`${quote(name)} of shape [${shape.join(', ')}] is larger than any file.`);
    }
  }
  return size;
}

function fail(problem: string): never {
  throw new SafetensorsError(problem);
}
