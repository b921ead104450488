// Training steps and inference, eager and compiled, side by side in one process:
//   node bench/steps.mjs [threads] [model ...]
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { LayerDict } from '../../layer-dict/dist/index.js';
import { AutoEncoder, meanSquaredError } from '../../models/dist/index.js';
import { adam, fit } from '../../train/dist/index.js';
import { backendInfo, useWasm } from '../../wasm/dist/index.js';
import { compile } from '../dist/index.js';

const [threads = '1', ...wanted] = process.argv.slice(2);
await useWasm({ threads: Number(threads) });
console.log(JSON.stringify(backendInfo()));

class Dense extends LayerDict {
  constructor(sizes) {
    super({ seed: 1 });
    this.sizes = sizes;
  }
  decode(x) {
    return x;
  }
  encode(x) {
    let h = x;
    const last = this.sizes.length - 1;
    for (let i = 1; i <= last; i++) {
      const activation = i < last ? 'elu' : 'linear';
      h = this.get(`dense${i}`, layers.layers.dense, { units: this.sizes[i], activation })(h);
    }
    return h;
  }
}

const MODELS = {
  'dense 64-32-8-32-64': {
    make: () => new Dense([64, 32, 8, 32, 64]),
    shape: [32, 64],
    steps: 200,
  },
  'dense 784-128-32-128-784': {
    make: () => new Dense([784, 128, 32, 128, 784]),
    shape: [32, 784],
    steps: 60,
  },
  'auto-encoder': {
    make: () => new AutoEncoder({ seed: 0 }),
    shape: [32, 28, 28, 1],
    flops: 1.25e9,
    steps: 12,
  },
};

const heap = tf.backend().heap;
let peak = 0;
const adopt = heap.adopt.bind(heap);
heap.adopt = (...args) => {
  adopt(...args);
  peak = Math.max(peak, heap.tensorBytes);
};

async function steps(model, image, count, compiled) {
  const times = [];
  let last;
  // What is there beside this model: other models, the batch itself.
  const others = heap.tensorBytes - model.variables.reduce((sum, { size }) => sum + 4 * size, 0);
  const data = function* () {
    for (;;) yield { image: image.clone() };
  };
  await fit({
    model,
    data,
    loss: (m, batch) => meanSquaredError(batch.image, m.decode(m.encode(batch.image))),
    optimizer: adam(),
    steps: count,
    compile: compiled,
    callbacks: [
      {
        name: 'clock',
        onStepEnd: ({ step }) => {
          const now = performance.now();
          if (step > 4) times.push(now - last);
          if (step === 4) peak = heap.tensorBytes;
          last = performance.now();
        },
      },
    ],
  });
  return { times, peak: peak - others };
}

/** GFLOP/s of the innermost loop of the products, on operands in the first-level cache. */
const { kernels } = tf.backend();
const memory = heap.allocate(32768);
function peakSpeed() {
  const start = performance.now();
  const flops = kernels.peak(memory, 20000);
  return flops / (performance.now() - start) / 1e6;
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const row = (name, eager, compiled) => {
  const least = [Math.min(...eager), Math.min(...compiled)];
  const middle = [median(eager), median(compiled)];
  const text = (pair) =>
    `${pair[0].toFixed(3)} / ${pair[1].toFixed(3)} ms = ${(pair[0] / pair[1]).toFixed(2)}x`;
  console.log(`${name}: least ${text(least)}, median ${text(middle)}`);
};

for (const [name, { make, shape, flops, steps: count }] of Object.entries(MODELS)) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const image = tf.randomUniform(shape, 0, 1, 'float32', 3);
  const models = [make(), make()];
  const all = [[], []];
  const peaks = [0, 0];
  const speeds = [];
  for (let round = 0; round < 4; round++) {
    for (const compiled of [0, 1]) {
      for (let i = 0; i < 20; i++) speeds.push(peakSpeed());
      const { times, peak: bytes } = await steps(models[compiled], image, count, compiled === 1);
      all[compiled].push(...times);
      peaks[compiled] = bytes;
    }
  }
  row(`step ${name}`, ...all);
  if (flops) {
    const speed = flops / Math.min(...all[1]) / 1e6;
    const most = Math.max(...speeds);
    console.log(
      `  ${speed.toFixed(1)} GFLOP/s, ${(speed / most).toFixed(2)} of the peak ${most.toFixed(1)}`,
    );
  }
  console.log(
    `  memory at the peak: ${peaks[0]} / ${peaks[1]} bytes = ${(peaks[1] / peaks[0]).toFixed(2)}`,
  );
  const weights = models.map((model) => [...model.stateDict().values()].map(({ data }) => data));
  const worst = weights[0].reduce(
    (most, a, i) => a.reduce((m, v, j) => Math.max(m, Math.abs(v - weights[1][i][j])), most),
    0,
  );
  console.log(`  largest difference of a weight after all steps: ${worst}`);

  const one = tf.slice(
    image,
    0,
    [1, ...shape.slice(1)].map((s, i) => (i === 0 ? 1 : s)),
  );
  const encode = (x) => models[0].encode(x);
  const compiledEncode = compile(encode);
  const time = (f) => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) f(one).dispose();
    return (performance.now() - start) / 20;
  };
  const eagerEncode = (x) => tf.tidy(() => encode(x));
  for (let i = 0; i < 5; i++) {
    time(eagerEncode);
    time(compiledEncode);
  }
  const runs = [[], []];
  for (let i = 0; i < 60; i++) {
    runs[0].push(time(eagerEncode));
    runs[1].push(time(compiledEncode));
  }
  row(`encode one, ${name}`, ...runs);
  if (process.env.PRINT) console.log(String(compiledEncode.traces[0]));
}
