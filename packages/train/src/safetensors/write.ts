import type { TensorValue } from '@ae/module';
import { BYTES_PER_ELEMENT, type SafetensorsDtype } from './dtypes.js';
import { LARGEST_HEADER } from './read.js';

const DTYPES = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const satisfies Record<
  TensorValue['dtype'],
  SafetensorsDtype
>;

/**
 * Writes values by name as a safetensors file, in the reference's own layout:
 * sorted by dtype, the widest first, then by name, the header padded with spaces
 * so that the data is aligned. Equal input gives equal bytes.
 *
 * @param metadata strings to keep in the header
 * @throws Error for names that the format cannot hold and values that do not fit their shape
 */
export function writeSafetensors(
  values: ReadonlyMap<string, TensorValue>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const sorted = [...values].sort(
    ([nameA, a], [nameB, b]) => rank(b) - rank(a) || compareNames(nameA, nameB),
  );
  const header: [string, string][] = [];
  const meta = Object.entries(metadata).sort(([a], [b]) => compareNames(a, b));
  if (meta.length > 0) {
    const members = meta.map(([key, text]) => [key, JSON.stringify(text)] as const);
    header.push(['__metadata__', toObject(members)]);
  }
  let size = 0;
  for (const [name, value] of sorted) {
    assertWritable(name, value);
    const end = size + value.data.byteLength;
    const entry = { dtype: DTYPES[value.dtype], shape: value.shape, data_offsets: [size, end] };
    header.push([name, JSON.stringify(entry)]);
    size = end;
  }
  const json = new TextEncoder().encode(toObject(header));
  const length = Math.ceil(json.length / 8) * 8;
  if (length > LARGEST_HEADER) {
    throw new RangeError(`The header would have ${length} bytes; ${LARGEST_HEADER} are allowed.`);
  }
  const bytes = new Uint8Array(8 + length + size);
  new DataView(bytes.buffer).setUint32(0, length, true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + length);
  let at = 8 + length;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Dtypes that take more bytes have a higher rank, so all data is aligned. */
function rank(value: TensorValue): number {
  return Object.keys(BYTES_PER_ELEMENT).indexOf(DTYPES[value.dtype]);
}

/** By code point, as Rust and Python sort; JavaScript's `<` goes by UTF-16 unit. */
function compareNames(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** JSON with the members in this order; an object would move keys such as "1" to the front. */
function toObject(members: readonly (readonly [string, string])[]): string {
  return `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`;
}

function assertWritable(name: string, { dtype, shape, data }: TensorValue): void {
  if (name === '__metadata__' || name.split('/').includes('__proto__')) {
    throw new Error(`A tensor cannot be called ${JSON.stringify(name)}.`);
  }
  if (/\p{Surrogate}/u.test(name)) {
    throw new Error(`The name ${JSON.stringify(name)} is not valid Unicode.`);
  }
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (data.length !== size || data.BYTES_PER_ELEMENT !== BYTES_PER_ELEMENT[DTYPES[dtype]]) {
    throw new Error(
      `${JSON.stringify(name)}: ${data.length} values of ${data.BYTES_PER_ELEMENT} bytes do not make ` +
        `a ${dtype} tensor of shape [${shape.join(', ')}].`,
    );
  }
}
