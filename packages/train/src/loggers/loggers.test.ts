import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { adam, type Callback, encodePng, fit, logImages, memory } from '../index.js';
import { csv, jsonLines, pngFiles, progress, tensorBoard } from '../node.js';
import { Regression, regressionData, regressionLoss } from '../testing/regression.js';
import { crc32, crc32c } from './crc.js';
import { histogramRecord, scalarsRecord } from './event-file.js';

const folder = mkdtempSync(join(tmpdir(), 'ae-loggers-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  await tf.setBackend('cpu');
});

const store = memory();
const train = (callbacks: Callback[], steps: number, resume = false) =>
  fit({
    model: new Regression(),
    data: regressionData,
    loss: (model, batch) => ({ loss: regressionLoss(model, batch), largest: tf.max(batch.y) }),
    optimizer: adam(),
    steps,
    validation: regressionData,
    callbacks,
    checkpoint: { store: resume ? store : memory(), every: { epochs: 1 } },
    resume,
  });

test('the checksums are those of the specifications', () => {
  const digits = new TextEncoder().encode('123456789');
  expect(crc32(digits)).toBe(0xcbf43926);
  expect(crc32c(digits)).toBe(0xe3069283);
});

test('JSON lines and CSV go on after a resume as if nothing had happened', async () => {
  const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
  await train([jsonLines(`${whole}/log.jsonl`), csv(`${whole}/log.csv`)], 24);
  const loggers = () => [jsonLines(`${parts}/log.jsonl`), csv(`${parts}/log.csv`)];
  const failing: Callback = {
    name: 'failing',
    onStepEnd({ step }) {
      if (step === 13) throw new Error('power cut');
    },
  };
  await expect(train([...loggers(), failing], 24, true)).rejects.toThrow('power cut');
  await train(loggers(), 24, true);
  for (const name of ['log.jsonl', 'log.csv']) {
    expect(readFileSync(`${parts}/${name}`, 'utf8')).toBe(readFileSync(`${whole}/${name}`, 'utf8'));
  }
  const rows = readFileSync(`${whole}/log.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(24 + 3);
  expect(Object.keys(rows[0])).toEqual(['step', 'epoch', 'loss', 'learningRate', 'largest']);
  expect(rows[8]).toMatchObject({ step: 8, epoch: 0, epochEnd: true });
  expect(rows[8]['validation/loss']).toBeGreaterThan(0);
  const [header, ...lines] = readFileSync(`${whole}/log.csv`, 'utf8').trim().split('\n');
  expect(header).toBe('epoch,step,loss,largest,validation/loss,validation/largest');
  expect(lines).toHaveLength(3);
});

/** The records of an event file, their checksums checked. */
function records(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unmask = (sum: number): number => {
    const rotated = (sum - 0xa282ead8) >>> 0;
    return ((rotated >>> 17) | (rotated << 15)) >>> 0;
  };
  for (let at = 0; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    expect(unmask(view.getUint32(at + 8, true))).toBe(crc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmask(view.getUint32(at + 12 + length, true))).toBe(crc32c(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

test('TensorBoard gets numbers, pictures and histograms', async () => {
  const directory = join(folder, 'board');
  const board = tensorBoard(directory, { histogramsEverySteps: 8 });
  const before = tf.memory().numTensors;
  const images = logImages({ tag: 'noise', images: () => tf.ones([2, 4, 4, 1]), to: board });
  await train([board, images], 16);
  expect(tf.memory().numTensors).toBe(before + 2);
  const [file] = readdirSync(directory);
  expect(file).toMatch(/^events\.out\.tfevents\.\d+\./);
  const texts = records(readFileSync(join(directory, file!))).map((record) =>
    Buffer.from(record).toString('latin1'),
  );
  expect(texts[0]).toContain('brain.Event:2');
  expect(texts.filter((text) => text.includes('training/loss'))).toHaveLength(16);
  expect(texts.filter((text) => text.includes('epoch/validation/loss'))).toHaveLength(2);
  expect(texts.filter((text) => text.includes('gradients/hidden'))).toHaveLength(2);
  expect(texts.filter((text) => text.includes('weights/output'))).toHaveLength(2);
  expect(texts.filter((text) => text.includes('\x89PNG'))).toHaveLength(2);
});

test('a large step and an odd histogram are encoded', () => {
  const [scalar] = records(scalarsRecord(2 ** 40 + 3, { x: 1 }));
  // Field 2, then 2^40 + 3 in groups of seven bits, the lowest first.
  expect([...scalar!.subarray(9, 16)]).toEqual([0x10, 0x83, 0x80, 0x80, 0x80, 0x80, 0x20]);
  for (const values of [[], [1], [Number.NaN], [2, 2, Number.POSITIVE_INFINITY], [-1, 5, 3]]) {
    expect(records(histogramRecord(1, 'h', Float32Array.from(values)))).toHaveLength(1);
  }
});

test.each([1, 3, 4] as const)('PNG files of %i channels hold the pixels', async (channels) => {
  const images = tf.tensor4d(
    Float32Array.from({ length: 2 * 2 * 3 * channels }, (_, i) => i / 10 - 0.1),
    [2, 2, 3, channels],
  );
  const { bytes, width, height } = await encodePng(images);
  expect([width, height]).toEqual([6, 2]);
  const view = new DataView(bytes.buffer);
  expect([view.getUint32(16), view.getUint32(20), bytes[25]]).toEqual([
    6,
    2,
    { 1: 0, 3: 2, 4: 6 }[channels],
  ]);
  const length = view.getUint32(33);
  const pixels = inflateSync(bytes.subarray(41, 41 + length));
  expect(pixels).toHaveLength(2 * (1 + 6 * channels));
  const value = (image: number, row: number, column: number): number =>
    Math.min(255, Math.max(0, Math.round(images.bufferSync().get(image, row, column, 0) * 255)));
  expect(pixels[1]).toBe(value(0, 0, 0));
  expect(pixels[1 + 3 * channels]).toBe(value(1, 0, 0));
  expect(pixels[1 + 6 * channels + 1 + 5 * channels]).toBe(value(1, 1, 2));
});

test('pictures go to a folder, under names that stay in it', async () => {
  const files = pngFiles(join(folder, 'pictures'));
  const tag = '../../up/näme';
  await train(
    [logImages({ tag, images: () => tf.zeros([1, 2, 2, 3]), to: files, everyEpochs: 2 })],
    24,
  );
  expect(readdirSync(join(folder, 'pictures'))).toEqual(['-..-up-n-me-000016.png']);
});

test('progress is a bar on a terminal and plain lines elsewhere', async () => {
  const shown = async (isTTY: boolean): Promise<string> => {
    let text = '';
    const write = (more: string): void => {
      text += more;
    };
    await train([progress({ isTTY, columns: 60, write })], 8);
    return text;
  };
  const bar = await shown(true);
  expect(bar).toContain('[========================] 8/8 loss');
  expect(bar.split(/[\r\n]/).every((line) => line.replace('\x1b[K', '').length < 120)).toBe(true);
  const plain = await shown(false);
  expect(plain).not.toContain('\r');
  expect(plain).not.toContain('\x1b');
  expect(plain).toMatch(
    /^step 8\/8: loss .* examples\/s, 0:00 left\nepoch 1: loss .*validation\/loss/,
  );
});
