import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type IdxArray, IdxError, parseIdx, readIdx } from './index.js';

/** The bytes of an IDX file: what a reader must undo. */
function encode(code: number, shape: number[], elements: number[]): Uint8Array {
  const size = { 8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8 }[code]!;
  const view = new DataView(new ArrayBuffer(4 + 4 * shape.length + size * elements.length));
  view.setUint8(2, code);
  view.setUint8(3, shape.length);
  shape.forEach((n, axis) => {
    view.setUint32(4 + 4 * axis, n);
  });
  elements.forEach((value, i) => {
    const at = 4 + 4 * shape.length + size * i;
    if (code === 8) view.setUint8(at, value);
    else if (code === 9) view.setInt8(at, value);
    else if (code === 11) view.setInt16(at, value);
    else if (code === 12) view.setInt32(at, value);
    else if (code === 13) view.setFloat32(at, value);
    else view.setFloat64(at, value);
  });
  return new Uint8Array(view.buffer);
}

const DTYPES = [
  [8, 'uint8', fc.integer({ min: 0, max: 255 })],
  [9, 'int8', fc.integer({ min: -128, max: 127 })],
  [11, 'int16', fc.integer({ min: -32768, max: 32767 })],
  [12, 'int32', fc.integer()],
  [13, 'float32', fc.float()],
  [14, 'float64', fc.double()],
] as const;

const file = fc
  .tuple(fc.constantFrom(...DTYPES), fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }))
  .chain(([[code, dtype, element], shape]) => {
    const length = shape.reduce((product, n) => product * n, 1);
    return fc
      .array(element, { minLength: length, maxLength: length })
      .map((elements) => ({ dtype, shape, elements, bytes: encode(code, shape, elements) }));
  });

describe('parseIdx and readIdx', () => {
  test('give back what was written, plain and compressed, at any offset of a buffer', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.nat(9), async ({ dtype, shape, elements, bytes }, before) => {
        const within = new Uint8Array(before + bytes.length);
        within.set(bytes, before);
        const packed = new Uint8Array(gzipSync(bytes));
        for (const read of [
          parseIdx(within.subarray(before)),
          parseIdx(bytes.slice().buffer),
          await readIdx(bytes),
          await readIdx(packed),
        ]) {
          expect(read.dtype).toBe(dtype);
          expect(read.shape).toEqual(shape);
          expect(Array.from(read.data)).toEqual(elements);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('refuse every file that is cut short or too long', () => {
    fc.assert(
      fc.property(file, fc.nat(), fc.integer({ min: 1, max: 9 }), ({ bytes }, cut, more) => {
        expect(() => parseIdx(bytes.subarray(0, cut % bytes.length))).toThrow(IdxError);
        const longer = new Uint8Array(bytes.length + more);
        longer.set(bytes);
        expect(() => parseIdx(longer)).toThrow(IdxError);
      }),
    );
  });

  test('answer any bytes with an array of matching size or an IdxError', async () => {
    // Mostly well-formed at the start, so that the checks further on are met too.
    const start = fc.tuple(
      fc.constantFrom(0, 0, 0, 0x1f),
      fc.constantFrom(0, 0, 0, 0x8b),
      fc.oneof(fc.constantFrom(8, 9, 11, 12, 13, 14), fc.nat(255)),
      fc.oneof(fc.nat(3), fc.nat(255)),
    );
    const words = fc.array(fc.oneof(fc.nat(4), fc.integer({ min: 0, max: 0xffffffff })));
    await fc.assert(
      fc.asyncProperty(start, words, fc.uint8Array({ maxLength: 40 }), async (head, dims, tail) => {
        const dimensions = dims.flatMap((n) => [n >>> 24, n >>> 16, n >>> 8, n]);
        const bytes = Uint8Array.from([...head, ...dimensions, ...tail]);
        const read = await readIdx(bytes).catch((error: unknown) => {
          expect(error).toBeInstanceOf(IdxError);
          return undefined;
        });
        if (read) expect(read.data.length).toBe(read.shape.reduce((a, b) => a * b, 1));
      }),
      { numRuns: 1000 },
    );
  });

  test('notice every single flipped bit of a compressed file', async () => {
    const elements = Array.from({ length: 60 }, (_, i) => (i * 37) % 256);
    const packed = new Uint8Array(gzipSync(encode(8, [3, 20], elements)));
    const original = await readIdx(packed);
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const damaged = packed.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      const read = await readIdx(damaged).catch((error: unknown) => {
        expect(error).toBeInstanceOf(IdxError);
        return undefined;
      });
      // Bits of the gzip header that mean nothing (time, system) may flip.
      if (read) expect(read).toEqual(original);
    }
  });

  test.each<[string, number[], string]>([
    ['nothing', [], 'the file ends within its header, after 0 bytes'],
    ['half a header', [0, 0, 8, 2, 0, 0], 'the file ends within its header, after 6 bytes'],
    ['text', [0x3c, 0x68], 'not an IDX file: it begins with the bytes 3c 68, not 00 00'],
    ['a strange type', [0, 0, 10, 1], 'not an IDX file: there is no element type 0a'],
    ['no dimensions', [0, 0, 8, 0], 'not an IDX file: it has no dimensions'],
    [
      'too few elements',
      [0, 0, 8, 1, 0, 0, 0, 3, 1, 2],
      'the file ends early: its header announces [3] elements, 11 bytes in all, but there are 10',
    ],
    [
      'more than there can be',
      [0, 0, 14, 2, ...Array(8).fill(255)],
      'the shape [4294967295, 4294967295] is too large',
    ],
  ])('explain %s', async (_, bytes, message) => {
    await expect(readIdx(Uint8Array.from(bytes))).rejects.toThrow(message);
  });

  test('does not unpack a bomb', async () => {
    const bytes = new Uint8Array(50_000_000);
    bytes.set([0, 0, 8, 1, 0, 0, 0, 3]);
    const bomb = new Uint8Array(gzipSync(bytes));
    await expect(readIdx(bomb)).rejects.toThrow('it unpacks to more than the 11 bytes expected');
    bytes.set([0, 0, 8, 1, 0x7f, 0, 0, 0]);
    await expect(readIdx(new Uint8Array(gzipSync(bytes)), { maxBytes: 1000 })).rejects.toThrow(
      'it unpacks to more than the 1000 bytes expected',
    );
  });

  test('the type says which array belongs to which dtype', () => {
    const read: IdxArray = parseIdx(encode(13, [1], [0.5]));
    if (read.dtype !== 'float32') throw new Error('not reached');
    const data: Float32Array = read.data;
    expect(Array.from(data)).toEqual([0.5]);
  });
});
