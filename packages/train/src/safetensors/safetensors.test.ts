import fc from 'fast-check';
import { readSafetensors, SafetensorsError, toStateDict, writeSafetensors } from '../index.js';
import { referenceBytes } from '../testing/reference.js';

/** A file with this header and data, as bytes. */
function file(header: string | Uint8Array, data = new Uint8Array()): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const entry = (dtype: string, shape: number[], start: number, end: number): string =>
  `{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${start},${end}]}`;

describe('a file of the Python library', () => {
  test('is read with all its types', () => {
    const read = readSafetensors(referenceBytes('all-dtypes.safetensors'));
    expect(read.metadata).toEqual(
      new Map([
        ['format', 'pt'],
        ['note', 'quotes " and \\ and ü'],
      ]),
    );
    const values = toStateDict(read);
    const list = (name: string): number[] => [...values.get(name)!.data];
    expect(list('float32')).toEqual([1.5, -2.25, Math.fround(3e38), 0, -0, Math.fround(1e-45)]);
    expect(values.get('float32')!.shape).toEqual([2, 3]);
    expect(list('int32')).toEqual([-(2 ** 31), 0, 2 ** 31 - 1]);
    expect(values.get('bool')).toEqual({ dtype: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) });
    expect(list('float16')).toEqual([1.5, -65504, 2 ** -24, Number.POSITIVE_INFINITY]);
    expect(list('bfloat16').map((x) => x.toPrecision(2))).toEqual(['1.5', '-3.0', '1.0e+38']);
    expect(list('float64')).toEqual([Math.fround(0.1), Number.NEGATIVE_INFINITY]);
    expect(values.get('int64')).toEqual({
      dtype: 'int32',
      shape: [1, 2],
      data: Int32Array.of(-5, 7),
    });
    expect(list('int16')).toEqual([-300, 300]);
    expect(list('uint8')).toEqual([0, 255]);
    expect(list('int8')).toEqual([-128, 127]);
    expect(values.get('scalar')).toEqual({
      dtype: 'float32',
      shape: [],
      data: Float32Array.of(3.25),
    });
    expect(values.get('empty')).toEqual({
      dtype: 'float32',
      shape: [0, 3],
      data: new Float32Array(),
    });
    expect(list('ümlaut/名前 🎈')).toEqual([0, 1, 2, 3]);
  });

  test('is written again byte for byte', () => {
    for (const name of ['small.safetensors', 'essay.safetensors']) {
      const bytes = referenceBytes(name);
      const read = readSafetensors(bytes);
      const written = writeSafetensors(toStateDict(read), Object.fromEntries(read.metadata));
      expect(Buffer.from(written).equals(bytes)).toBe(true);
    }
  });
});

describe('refuses', () => {
  const f32 = entry('F32', [1], 0, 4);
  const four = new Uint8Array(4);
  test.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(), 'has 0 bytes'],
    ['a cut length', new Uint8Array(7), 'has 7 bytes'],
    ['an empty header', file(''), "must begin with '{'"],
    ['a header beyond the end', file('{}').subarray(0, 9), 'only 1 follow'],
    ['a header of 2^63 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128), 'at most 100000000'],
    ['bad UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), 'not UTF-8'],
    ['a byte order mark', file('\ufeff{}'), "must begin with '{'"],
    ['a leading space', file(' {}'), "must begin with '{'"],
    ['a list', file('[]'), "must begin with '{'"],
    ['a second value', file('{}{}'), 'something follows'],
    ['a cut object', file('{"a":'), "'{' expected"],
    ['a trailing comma', file(`{"a":${f32},}`, four), `'"' expected`],
    ['a cut string', file('{"a'), 'has no end'],
    ['a raw control character', file('{"a\n":1}'), 'not valid JSON'],
    ['half a surrogate pair', file(`{"\\ud800":${f32}}`, four), 'not valid Unicode'],
    ['deep nesting', file(`{"a":${'{"b":'.repeat(100_000)}`), 'unknown key "b"'],
    ['deep lists', file(`{"a":{"shape":${'['.repeat(100_000)}`), 'must be an integer'],
    ['a name twice', file(`{"a":${f32},"a":${f32}}`, four), '"a" occurs twice'],
    ['a name twice, escaped', file(`{"a":${f32},"\\u0061":${f32}}`, four), '"a" occurs twice'],
    ['two metadata', file('{"__metadata__":{},"__metadata__":{}}'), 'occurs twice'],
    ['a metadata key twice', file('{"__metadata__":{"a":"","a":""}}'), '"a" occurs twice'],
    ['metadata that is no string', file('{"__metadata__":{"a":1}}'), `'"' expected`],
    ['a key twice', file('{"a":{"dtype":"F32","dtype":"F32"}}'), '"dtype" twice'],
    ['__proto__', file(`{"__proto__":${f32}}`, four), '"__proto__" is not allowed'],
    ['__proto__ escaped', file(`{"\\u005f_proto__":${f32}}`, four), '"__proto__" is not allowed'],
    ['__proto__ in a path', file(`{"a/__proto__/b":${f32}}`, four), 'not allowed'],
    ['__proto__ in metadata', file('{"__metadata__":{"__proto__":"x"}}'), 'not allowed'],
    ['an unknown key', file('{"a":{"stride":[1]}}'), 'unknown key "stride"'],
    ['a missing key', file('{"a":{"dtype":"F32","shape":[1]}}'), 'needs "dtype"'],
    ['one offset', file('{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}'), 'two'],
    ['an unknown dtype', file(`{"a":${entry('F31', [1], 0, 4)}}`, four), 'unknown dtype "F31"'],
    ['the dtype toString', file(`{"a":${entry('toString', [1], 0, 4)}}`), 'unknown dtype'],
    ['a negative size', file(`{"a":${entry('F32', [-1], 0, 4)}}`, four), 'must be an integer'],
    ['a fraction', file('{"a":{"shape":[1.5]}}'), "']' expected"],
    ['an exponent', file('{"a":{"shape":[1e3]}}'), "']' expected"],
    ['a leading zero', file('{"a":{"shape":[01]}}'), 'must be an integer'],
    ['2^53', file('{"a":{"shape":[9007199254740992]}}'), 'must be an integer'],
    ['many digits', file(`{"a":{"shape":[${'9'.repeat(50_000)}]}}`), 'must be an integer'],
    ['many axes', file(`{"a":{"shape":[${'1,'.repeat(100)}1]}}`), 'at most 64'],
    [
      'a size that overflows',
      file(`{"a":${entry('F32', [2 ** 32, 2 ** 32, 2 ** 32, 0], 0, 0)}}`),
      'larger than any file',
    ],
    ['a gap', file(`{"a":${entry('F32', [1], 4, 8)}}`, new Uint8Array(8)), 'leaves a gap'],
    [
      'an overlap',
      file(`{"a":${f32},"b":${entry('F32', [1], 2, 6)}}`, new Uint8Array(6)),
      'overlaps',
    ],
    ['offsets backwards', file(`{"a":${entry('F32', [1], 0, 0)}}`), 'has 0 bytes of data'],
    ['end before start', file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,-4]}}'), 'must'],
    ['a wrong size', file(`{"a":${entry('F32', [2], 0, 4)}}`, four), 'takes 8'],
    ['trailing bytes', file(`{"a":${f32}}`, new Uint8Array(5)), '5 follow the header'],
    ['missing bytes', file(`{"a":${f32}}`, new Uint8Array(3)), '3 follow the header'],
  ])('%s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(SafetensorsError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test('values that tfjs cannot hold', () => {
    const read =
      (dtype: string, ...bytes: number[]) =>
      () =>
        toStateDict(
          readSafetensors(
            file(`{"a":${entry(dtype, [1], 0, bytes.length)}}`, Uint8Array.from(bytes)),
          ),
        );
    expect(read('BOOL', 2)).toThrow('other than 0 and 1');
    expect(read('F8_E4M3', 2)).toThrow('which tfjs cannot hold');
    expect(read('U32', 255, 255, 255, 255)).toThrow('holds 4294967295');
    expect(read('I64', 0, 0, 0, 0, 1, 0, 0, 0)).toThrow('holds 4294967296');
  });

  test('a long header in little time', () => {
    const names = Array.from({ length: 30_000 }, (_, i) => `"${i}":${entry('F32', [0], 0, 0)}`);
    const start = performance.now();
    expect(readSafetensors(file(`{${names.join(',')}}`)).tensors.size).toBe(30_000);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('properties', () => {
  const name = fc
    .string({ unit: 'binary', maxLength: 12 })
    .filter((each) => each !== '__metadata__' && !each.split('/').includes('__proto__'));
  const value = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const length = { minLength: size, maxLength: size };
    return fc.oneof(
      fc.float32Array(length).map((data) => ({ dtype: 'float32' as const, shape, data })),
      fc.int32Array(length).map((data) => ({ dtype: 'int32' as const, shape, data })),
      fc.uint8Array({ ...length, max: 1 }).map((data) => ({ dtype: 'bool' as const, shape, data })),
    );
  });
  const state = fc
    .array(fc.tuple(name, value), { maxLength: 6 })
    .map((entries) => new Map(entries));

  test('what is written is read again, bit for bit, and aligned', () => {
    fc.assert(
      fc.property(state, fc.dictionary(name, fc.string({ unit: 'binary' })), (values, metadata) => {
        const bytes = writeSafetensors(values, metadata);
        const read = readSafetensors(bytes);
        expect(Object.fromEntries(read.metadata)).toEqual({ ...metadata });
        expect(new Map([...toStateDict(read)].sort())).toEqual(new Map([...values].sort()));
        for (const { bytes: view, dtype } of read.tensors.values()) {
          if (dtype !== 'BOOL') expect(view.byteOffset % 4).toBe(0);
        }
        expect(writeSafetensors(new Map([...values].reverse()), metadata)).toEqual(bytes);
      }),
    );
  });

  test('a damaged file is refused or read, never anything else', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(state, damage, fc.nat(), (values, changes, cut) => {
        const bytes = writeSafetensors(values, { a: 'b' });
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        for (const each of [bytes, bytes.subarray(0, cut % bytes.length)]) {
          try {
            readSafetensors(each);
          } catch (error) {
            expect(error).toBeInstanceOf(SafetensorsError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('any bytes are refused or read, never anything else', () => {
    const header = fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(header, fc.uint8Array(), (text, data) => {
        try {
          readSafetensors(file(text, data));
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('refuses to write what cannot be read', () => {
  const one = { dtype: 'float32' as const, shape: [1], data: new Float32Array(1) };
  const write =
    (name: string, value = one) =>
    () =>
      writeSafetensors(new Map([[name, value]]));
  expect(write('__metadata__')).toThrow('cannot be called');
  expect(write('a/__proto__')).toThrow('cannot be called');
  expect(write('\ud800')).toThrow('not valid Unicode');
  expect(write('a', { ...one, shape: [2] })).toThrow('do not make a float32 tensor of shape [2]');
});
