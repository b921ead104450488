import { joined } from './png.js';

/*
 * The wire format of protocol buffers, as far as event files need it
 * (https://protobuf.dev/programming-guides/encoding). A message is the
 * concatenation of its fields.
 */

/** An integer from 0 to 2^53 - 1. */
export function varintField(field: number, value: number): Uint8Array {
  return joined([varint(field * 8), varint(value)]);
}

export function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return joined([varint(field * 8 + 1), bytes]);
}

export function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joined([varint(field * 8 + 5), bytes]);
}

/** Bytes, or a message. */
export function bytesField(field: number, ...parts: Uint8Array[]): Uint8Array {
  const bytes = joined(parts);
  return joined([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

export function stringField(field: number, value: string): Uint8Array {
  return bytesField(field, new TextEncoder().encode(value));
}

/** A packed list of doubles. */
export function doublesField(field: number, values: readonly number[]): Uint8Array {
  return bytesField(field, new Uint8Array(Float64Array.from(values).buffer));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
