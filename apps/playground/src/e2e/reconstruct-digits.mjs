/**
 * Reads the weights of an auto-encoder (safetensors) from standard input and prints what it
 * makes of the first test image of each digit: 10 * 784 gray values, as JSON.
 */
import { readFileSync } from 'node:fs';
import { mnist } from '@ae/data/node';
import { AutoEncoder } from '@ae/models';
import { readSafetensors, toStateDict } from '@ae/train';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';

await useWasm({ threads: 1 });
const model = new AutoEncoder();
model.loadStateDict(toStateDict(readSafetensors(readFileSync(0))));
const { test } = await mnist();
const found = new Map();
for await (const { image, label } of test.batch(1).batches(0)) {
  const [digit] = label.dataSync();
  if (!found.has(digit)) {
    found.set(digit, model.decode(model.encode(image)).dataSync());
  }
  tf.dispose([image, label]);
  if (found.size === 10) break;
}
const gray = (value) => Math.round(Math.min(1, Math.max(0, value)) * 255);
const digits = Array.from({ length: 10 }, (_, digit) => Array.from(found.get(digit), gray));
console.log(JSON.stringify(digits.flat()));
