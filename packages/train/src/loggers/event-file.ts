import { crc32c } from './crc.js';
import type { Png } from './png.js';
import { joined } from './png.js';
import {
  bytesField,
  doubleField,
  doublesField,
  floatField,
  stringField,
  varintField,
} from './protobuf.js';

/*
 * TensorBoard's event files: records of TensorFlow's `TFRecord` format, each one
 * `Event` message (tensorflow/core/util/event.proto and summary.proto, whose field
 * numbers stand below).
 */

/** The record that every event file begins with. */
export function versionRecord(): Uint8Array {
  return eventRecord(0, stringField(3, 'brain.Event:2'));
}

/** Tells TensorBoard to forget what an earlier file of the run says of this step and later ones. */
export function restartRecord(step: number): Uint8Array {
  const start = 1;
  return eventRecord(step, bytesField(7, varintField(1, start)));
}

/** Numbers by their tags. */
export function scalarsRecord(step: number, values: Readonly<Record<string, number>>): Uint8Array {
  const parts = Object.entries(values).map(([tag, value]) =>
    bytesField(1, stringField(1, tag), floatField(2, value)),
  );
  return eventRecord(step, bytesField(5, ...parts));
}

export function imageRecord(step: number, tag: string, png: Png): Uint8Array {
  const image = bytesField(
    4,
    varintField(1, png.height),
    varintField(2, png.width),
    varintField(3, png.channels),
    bytesField(4, png.bytes),
  );
  return eventRecord(step, bytesField(5, bytesField(1, stringField(1, tag), image)));
}

/** @param values of any number and order; those that are not finite are left out */
export function histogramRecord(step: number, tag: string, values: Float32Array): Uint8Array {
  const histogram = bytesField(5, ...histogramFields(values));
  return eventRecord(step, bytesField(5, bytesField(1, stringField(1, tag), histogram)));
}

const BUCKETS = 30;

/** Thirty buckets of equal width from the least to the largest value. */
function histogramFields(values: Float32Array): Uint8Array[] {
  let [min, max, count, sum, squares] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    0,
    0,
    0,
  ];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    count++;
    sum += value;
    squares += value * value;
  }
  const width = (max - min) / BUCKETS;
  const counts = new Array<number>(BUCKETS).fill(0);
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const bucket = width > 0 ? Math.min(BUCKETS - 1, Math.floor((value - min) / width)) : 0;
    counts[bucket]!++;
  }
  const limits = counts.map((_, i) => (i === BUCKETS - 1 ? max : min + (i + 1) * width));
  return [
    doubleField(1, min),
    doubleField(2, max),
    doubleField(3, count),
    doubleField(4, sum),
    doubleField(5, squares),
    doublesField(6, limits),
    doublesField(7, counts),
  ];
}

function eventRecord(step: number, what: Uint8Array): Uint8Array {
  return record(joined([doubleField(1, Date.now() / 1000), varintField(2, step), what]));
}

/** Length (8 bytes), its masked checksum (4), the data, its masked checksum (4). */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(crc32c(data)), true);
  return bytes;
}

/** Rotated and shifted, because checksums of data with checksums in it are weak. */
function masked(sum: number): number {
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
