import { gunzip, isGzip } from './gzip.js';

/**
 * What an IDX file holds: `data` has `shape[0] * shape[1] * ...` numbers, the
 * last dimension running fastest.
 */
export type IdxArray = { readonly shape: readonly number[] } & (
  | { readonly dtype: 'uint8'; readonly data: Uint8Array }
  | { readonly dtype: 'int8'; readonly data: Int8Array }
  | { readonly dtype: 'int16'; readonly data: Int16Array }
  | { readonly dtype: 'int32'; readonly data: Int32Array }
  | { readonly dtype: 'float32'; readonly data: Float32Array }
  | { readonly dtype: 'float64'; readonly data: Float64Array }
);

/** Thrown for bytes that are not a whole, well-formed IDX file. */
export class IdxError extends Error {
  override readonly name = 'IdxError';
}

export interface ReadIdxOptions {
  /**
   * A compressed file that unpacks to more bytes than this is refused before
   * they are all in memory.
   * @default 2 ** 31
   */
  maxBytes?: number;
}

const ELEMENT_BYTES: Readonly<Record<number, number>> = {
  8: 1,
  9: 1,
  11: 2,
  12: 4,
  13: 4,
  14: 8,
};

/**
 * Reads an IDX file (the format of MNIST), plain or compressed by gzip.
 *
 * A gzip checksum is verified, and unpacking stops as soon as there is more
 * data than the header announces.
 *
 * @throws IdxError (as a rejection) when the bytes are not exactly one IDX file
 * @see https://yann.lecun.org/exdb/mnist/ "The IDX file format"
 */
export async function readIdx(
  bytes: Uint8Array | ArrayBuffer,
  { maxBytes = 2 ** 31 }: ReadIdxOptions = {},
): Promise<IdxArray> {
  const packed = asBytes(bytes);
  if (!isGzip(packed)) return parseIdx(packed);
  let unpacked: Uint8Array;
  try {
    unpacked = await gunzip(packed, (start) => Math.min(maxBytes, announcedBytes(start)));
  } catch (error) {
    if (error instanceof IdxError) throw error;
    throw new IdxError(`the gzip data is damaged: ${(error as Error).message}`);
  }
  return parseIdx(unpacked);
}

/**
 * Reads an IDX file that is not compressed. Bytes (`uint8`, `int8`) are not
 * copied: `data` then looks into the given buffer.
 *
 * @throws IdxError when the bytes are not exactly one IDX file
 */
export function parseIdx(bytes: Uint8Array | ArrayBuffer): IdxArray {
  const file = asBytes(bytes);
  const header = parseHeader(file);
  if (header === undefined) {
    throw new IdxError(`the file ends within its header, after ${file.length} bytes`);
  }
  const { code, shape, offset, size } = header;
  if (file.length !== offset + size) {
    const what = file.length < offset + size ? 'ends early' : 'is too long';
    throw new IdxError(
      `the file ${what}: its header announces [${shape.join(', ')}] elements, ` +
        `${offset + size} bytes in all, but there are ${file.length}`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset + offset, size);
  switch (code) {
    case 0x08:
      return { shape, dtype: 'uint8', data: file.subarray(offset) };
    case 0x09:
      return { shape, dtype: 'int8', data: new Int8Array(view.buffer, view.byteOffset, size) };
    case 0x0b:
      return {
        shape,
        dtype: 'int16',
        data: Int16Array.from({ length: size / 2 }, (_, i) => view.getInt16(2 * i)),
      };
    case 0x0c:
      return {
        shape,
        dtype: 'int32',
        data: Int32Array.from({ length: size / 4 }, (_, i) => view.getInt32(4 * i)),
      };
    case 0x0d:
      return {
        shape,
        dtype: 'float32',
        data: Float32Array.from({ length: size / 4 }, (_, i) => view.getFloat32(4 * i)),
      };
    default:
      return {
        shape,
        dtype: 'float64',
        data: Float64Array.from({ length: size / 8 }, (_, i) => view.getFloat64(8 * i)),
      };
  }
}

interface Header {
  code: number;
  shape: number[];
  /** Where the elements begin, in bytes. */
  offset: number;
  /** How many bytes of elements there must be. */
  size: number;
}

/** The header, or undefined when `file` is too short to hold it. */
function parseHeader(file: Uint8Array): Header | undefined {
  const [zero0, zero1, code, rank] = file;
  if (zero0 === undefined || zero1 === undefined) return undefined;
  if (zero0 !== 0 || zero1 !== 0) {
    throw new IdxError(
      `not an IDX file: it begins with the bytes ${hex(zero0)} ${hex(zero1)}, not 00 00`,
    );
  }
  if (code === undefined || rank === undefined) return undefined;
  const elementBytes = ELEMENT_BYTES[code];
  if (elementBytes === undefined) {
    throw new IdxError(`not an IDX file: there is no element type ${hex(code)}`);
  }
  if (rank === 0) throw new IdxError('not an IDX file: it has no dimensions');
  const offset = 4 + 4 * rank;
  if (file.length < offset) return undefined;
  const view = new DataView(file.buffer, file.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  // Up to 255 dimensions of up to 2^32: the product may leave the safe integers
  // and even reach infinity, and is then refused here.
  const size = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, elementBytes);
  if (!Number.isSafeInteger(offset + size)) {
    throw new IdxError(`the shape [${shape.join(', ')}] is too large`);
  }
  return { code, shape, offset, size };
}

/** How long the file must be, or Infinity as long as its header is incomplete. */
function announcedBytes(start: Uint8Array): number {
  const header = parseHeader(start);
  return header === undefined ? Number.POSITIVE_INFINITY : header.offset + header.size;
}

function asBytes(bytes: Uint8Array | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
