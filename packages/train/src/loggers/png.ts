import * as tf from '@tensorflow/tfjs-core';
import { zlibSync } from 'fflate';
import { crc32 } from './crc.js';

/** A picture as a PNG file. */
export interface Png {
  readonly width: number;
  readonly height: number;
  /** 1: grey, 3: RGB, 4: RGBA. */
  readonly channels: 1 | 3 | 4;
  readonly bytes: Uint8Array;
}

const COLOUR_TYPES = { 1: 0, 3: 2, 4: 6 } as const;

/**
 * Pictures side by side as one PNG.
 *
 * @param images `[count, height, width, channels]`, values 0 .. 1 (others are cut off), 1, 3 or 4
 *   channels; stays the caller's
 */
export async function encodePng(images: tf.Tensor4D): Promise<Png> {
  const [count, height, each, channels] = images.shape;
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new RangeError(`Pictures have 1, 3 or 4 channels, not ${channels}.`);
  }
  const rows = tf.tidy(() =>
    // [count, height, width, channels] -> [height, count, width, channels]
    tf.reshape(tf.transpose(images, [1, 0, 2, 3]), [height, count * each * channels]),
  );
  const values = await rows.data();
  rows.dispose();
  const width = count * each;
  const stride = width * channels;
  // Each row begins with the number of its filter: 0, none.
  const pixels = new Uint8Array(height * (stride + 1));
  for (let row = 0; row < height; row++) {
    for (let i = 0; i < stride; i++) {
      const value = Math.round(values[row * stride + i]! * 255);
      pixels[row * (stride + 1) + 1 + i] = Math.min(255, Math.max(0, value));
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8; // bits a channel
  header[9] = COLOUR_TYPES[channels];
  const bytes = joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(pixels)),
    chunk('IEND', new Uint8Array()),
  ]);
  return { width, height, channels, bytes };
}

/** Length, type, data, and the checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** All bytes one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
