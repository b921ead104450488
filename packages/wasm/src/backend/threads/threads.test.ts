import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import workerThreads from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { useWasm } from '../../../dist/index.js';

const RealWorker = workerThreads.Worker;
let started: workerThreads.Worker[] = [];

beforeEach(() => {
  started = [];
  workerThreads.Worker = class extends RealWorker {
    constructor(...args: ConstructorParameters<typeof RealWorker>) {
      super(...args);
      started.push(this);
    }
  };
});

afterEach(() => {
  workerThreads.Worker = RealWorker;
  tf.engine().reset();
});

/** Numbers that no two sums in different order would agree on. */
const noise = (shape: number[], seed: number) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed) * 10 ** (i % 5)),
    shape,
  );
};

const work: Record<string, () => tf.Tensor | tf.Tensor[]> = {
  product: () =>
    tf.matMul(noise([150, 300], 1) as tf.Tensor2D, noise([300, 170], 2) as tf.Tensor2D),
  'transposed product': () =>
    tf.matMul(noise([300, 150], 1) as tf.Tensor2D, noise([70, 300], 2) as tf.Tensor2D, true, true),
  convolution: () =>
    tf.conv2d(
      noise([4, 13, 13, 32], 3) as tf.Tensor4D,
      noise([4, 4, 32, 64], 4) as tf.Tensor4D,
      2,
      'valid',
    ),
  'gradients of a convolution': () =>
    tf.grads((x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'))(
      [noise([4, 13, 13, 8], 3), noise([4, 4, 8, 16], 4)],
      noise([4, 7, 7, 16], 5),
    ),
  activations: () => [tf.elu(noise([100_003], 6)), tf.sigmoid(noise([100_003], 7))],
  arithmetic: () => tf.add(tf.mul(noise([70_001], 8), 3), noise([70_001], 9)),
  sums: () => [
    tf.sum(noise([257, 301], 10), 0),
    tf.mean(noise([257, 301], 11)),
    tf.sum(noise([200_000], 12)),
  ],
};

const bytes = (name: string) => {
  const result = tf.tidy(() => work[name]!());
  const tensors = Array.isArray(result) ? result : [result];
  const found = tensors.map((t) => Buffer.from(t.dataSync().slice().buffer).toString('base64'));
  tf.dispose(tensors);
  return found;
};

test.each(Object.keys(work))('%s: the same bits for any number of threads', async (name) => {
  await useWasm({ threads: 1 });
  const expected = bytes(name);
  for (const threads of [2, 3, 5]) {
    tf.engine().reset();
    expect(await useWasm({ threads })).toMatchObject({ threads });
    for (let round = 0; round < 3; round++) expect(bytes(name)).toEqual(expected);
  }
});

test('a reset ends the workers', async () => {
  await useWasm({ threads: 3 });
  const exits = started.map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
  expect(exits).toHaveLength(2);
  tf.engine().reset();
  await Promise.all(exits);
});

test('a worker that dies gives an error, and a new start works', async () => {
  await useWasm({ threads: 3 });
  const held = tf.tensor1d([1, 2]);
  await started[1]!.terminate();
  expect(() => bytes('product')).toThrow(/threads of backend ae-wasm are lost.*useWasm/);
  expect(Array.from(held.dataSync())).toEqual([1, 2]);
  tf.engine().reset();
  await useWasm({ threads: 2 });
  expect(bytes('product')).toHaveLength(1);
});

/** Takes a part of the next operation, as a worker would, and never does it: words as in ./job.ts. */
const THIEF = `
  const { workerData, parentPort } = require('node:worker_threads');
  const words = new Int32Array(workerData);
  parentPort.postMessage('ready');
  for (;;) {
    const ticket = Atomics.load(words, 0);
    const index = ticket & 4095;
    const isOpen = index !== 4095 && index * words[67] < words[66];
    if (isOpen && Atomics.compareExchange(words, 0, ticket, ticket + 1) === ticket) break;
  }`;

test('a worker that is lost within an operation gives an error, not a hang', async () => {
  let control: SharedArrayBuffer | undefined;
  const Watched = workerThreads.Worker;
  workerThreads.Worker = class extends Watched {
    override postMessage(message: { control: SharedArrayBuffer }): void {
      control = message.control;
      super.postMessage(message);
    }
  };
  await useWasm({ threads: 2 });
  const held = tf.tensor1d([1, 2]);
  const thief = new RealWorker(THIEF, { eval: true, workerData: control });
  await new Promise((resolve) => thief.once('message', resolve));
  const exited = new Promise((resolve) => thief.once('exit', resolve));
  expect(() => {
    for (;;) bytes('product');
  }).toThrow(/are lost: a worker has not answered for 10 s/);
  await exited;
  expect(() => bytes('product')).toThrow(/are lost/);
  expect(Array.from(held.dataSync())).toEqual([1, 2]);
  tf.engine().reset();
  await useWasm({ threads: 2 });
  expect(bytes('product')).toHaveLength(1);
});

test('a task that fails on any thread is an error of the operation', async () => {
  await useWasm({ threads: 2 });
  const backend = tf.backend() as unknown as {
    run(name: string, args: readonly number[], tasks: number): void;
  };
  const outside = new Array<number>(16).fill(0xfffffff0);
  expect(() => backend.run('unaryTask', outside, 16)).toThrow(/Kernel unaryTask failed/);
  expect(bytes('product')).toHaveLength(1);
});

test('where workers cannot start there is one thread, and the reason', async () => {
  workerThreads.Worker = class {
    constructor() {
      throw new Error('no more workers today');
    }
  } as unknown as typeof RealWorker;
  expect(await useWasm({ threads: 4 })).toMatchObject({
    threads: 1,
    threadsReason: 'no more workers today',
  });
  expect(bytes('product')).toHaveLength(1);
});

/** Runs a program that uses the package as built. */
const program = (source: string) => {
  const dist = pathToFileURL(`${__dirname}/../../../dist/index.js`).href;
  const text = `
    import * as tf from '@tensorflow/tfjs-core';
    import { useWasm } from '${dist}';
    await useWasm({ threads: 3 });
    const x = tf.ones([300, 300]);
    const compute = () => tf.tidy(() => tf.matMul(x, x).dataSync()[0]);
    ${source}`;
  const { status, stdout, stderr, signal } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', text],
    { encoding: 'utf8', timeout: 20_000, cwd: __dirname },
  );
  return { status, signal, stdout: stdout.trim(), stderr };
};

test('a process ends by itself when its work is done', () => {
  expect(program('console.log(compute());')).toEqual({
    status: 0,
    signal: null,
    stdout: '300',
    stderr: '',
  });
});

test('idle workers sleep', () => {
  const { stdout } = program(`
    compute();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1000);`);
  expect(Number(stdout)).toBeLessThan(100);
});
