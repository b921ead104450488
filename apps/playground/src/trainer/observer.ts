import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from './mnist.js';
import { type Plane, principalPlane, project, unproject } from './principal-components.js';
import { type CodeMap, type Comparison, type Images, PIXELS } from './protocol.js';
import type { Model } from './recipe.js';

const MAP_POINTS = 1000;
const BATCH = 250;

/** Looks at what a model makes of test images. Leaves no tensors behind. */
export class Observer {
  private plane: Plane | undefined;
  private testErrors: Float32Array | undefined;
  /** Test images in an order that shows every digit at once. */
  private readonly shown: readonly number[];

  constructor(
    private readonly model: Model,
    private readonly test: LabelledImages,
  ) {
    this.shown = oneOfEachDigit(test.labels);
  }

  /** The first test image of each digit, and its reconstruction. */
  compareDigits(): Comparison {
    const pixels = new Float32Array(this.shown.length * PIXELS);
    for (const [at, index] of this.shown.entries()) pixels.set(this.testImage(index), at * PIXELS);
    return this.compare(pixels);
  }

  /** @param pixels `[count * 784]`, 0..1 */
  compare(pixels: Float32Array): Comparison {
    const reconstructed = this.run(pixels, (image) => this.model.decode(this.model.encode(image)));
    const count = pixels.length / PIXELS;
    const errors = new Float32Array(count);
    for (let i = 0; i < pixels.length; i++) {
      const at = Math.floor(i / PIXELS);
      errors[at] = errors[at]! + (pixels[i]! - reconstructed[i]!) ** 2 / PIXELS;
    }
    return { originals: toImages(pixels), reconstructions: toImages(reconstructed), errors };
  }

  /** The part of the test images whose error is below `error`. */
  rank(error: number): number {
    this.testErrors ??= this.compare(this.testPixels(0, MAP_POINTS)).errors.sort();
    const below = this.testErrors.findIndex((other) => other >= error);
    return below < 0 ? 1 : below / this.testErrors.length;
  }

  codeMap(): CodeMap {
    const codes = this.run(this.testPixels(0, MAP_POINTS), (image) => this.model.encode(image));
    this.plane = principalPlane(codes, codes.length / MAP_POINTS, this.plane);
    return {
      points: project(codes, this.plane),
      labels: this.test.labels.slice(0, MAP_POINTS),
      explained: this.plane.explained,
    };
  }

  decodePoint(x: number, y: number): Images {
    if (this.plane === undefined) this.codeMap();
    return this.decode(unproject(x, y, this.plane!), 1);
  }

  /** @param from and `to` are numbers of test images */
  interpolate(from: number, to: number, count: number): Images {
    const ends = new Float32Array(2 * PIXELS);
    ends.set(this.testImage(from));
    ends.set(this.testImage(to), PIXELS);
    const codes = this.run(ends, (image) => this.model.encode(image));
    const size = codes.length / 2;
    const between = new Float32Array(count * size);
    for (let i = 0; i < between.length; i++) {
      const weight = Math.floor(i / size) / Math.max(1, count - 1);
      between[i] = codes[i % size]! * (1 - weight) + codes[size + (i % size)]! * weight;
    }
    return this.decode(between, count);
  }

  /** The weights have changed: what was measured of them no longer holds. */
  forget(): void {
    this.testErrors = undefined;
  }

  private decode(codes: Float32Array, count: number): Images {
    const pixels = tf.tidy(() =>
      this.model.decode(tf.tensor2d(codes, [count, codes.length / count])).dataSync<'float32'>(),
    );
    return toImages(pixels);
  }

  /** Runs images through `compute` some at a time and joins what comes out. */
  private run(pixels: Float32Array, compute: (image: tf.Tensor4D) => tf.Tensor): Float32Array {
    const parts: Float32Array[] = [];
    for (let start = 0; start < pixels.length; start += BATCH * PIXELS) {
      const part = pixels.slice(start, start + BATCH * PIXELS);
      parts.push(
        tf.tidy(() =>
          compute(tf.tensor4d(part, [part.length / PIXELS, 28, 28, 1])).dataSync<'float32'>(),
        ),
      );
    }
    const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }

  private testImage(index: number): Float32Array {
    return this.testPixels(index, 1);
  }

  private testPixels(start: number, count: number): Float32Array {
    const bytes = this.test.pixels.subarray(start * PIXELS, (start + count) * PIXELS);
    return Float32Array.from(bytes, (byte) => byte / 255);
  }
}

function toImages(pixels: Float32Array): Images {
  return {
    count: pixels.length / PIXELS,
    pixels: Uint8Array.from(pixels, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255)),
  };
}

function oneOfEachDigit(labels: Uint8Array): number[] {
  return Array.from({ length: 10 }, (_, digit) => labels.indexOf(digit));
}
