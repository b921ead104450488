/**
 * Learn to find what is unusual in a series of measurements: an auto-encoder that has seen healthy
 * stretches only cannot compress a broken one, so its reconstruction error is the score.
 */
import { fromArrays } from '@ae/data';
import { LayerDict } from '@ae/layer-dict';
import { fillNormal, foldIn } from '@ae/random';
import { adam, fit } from '@ae/train';
import { useWasm } from '@ae/wasm';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

const WINDOW = 32;
const LENGTH = 4000;
const BROKEN = { from: 3200, to: 3240 };

/** Two rhythms and some noise; for a while the machine runs too fast. */
function measurements(): Float32Array {
  const noise = fillNormal(foldIn(0, 'noise'), new Float32Array(LENGTH), 0, 0.05);
  return noise.map((value, t) => {
    const speed = t >= BROKEN.from && t < BROKEN.to ? 2.5 : 1;
    return value + Math.sin(0.2 * speed * t) + 0.5 * Math.sin(0.07 * t);
  });
}

/** Stretches of `WINDOW` measurements, one below the other, each `every` after the one before. */
function windows(series: Float32Array, every: number): Float32Array {
  const count = Math.floor((series.length - WINDOW) / every) + 1;
  return Float32Array.from(
    { length: count * WINDOW },
    (_, i) => series[Math.floor(i / WINDOW) * every + (i % WINDOW)]!,
  );
}

class WindowAutoEncoder extends LayerDict {
  /** `[n, WINDOW]` to the same shape, through 4 numbers */
  call(x: tf.Tensor2D): tf.Tensor2D {
    let hidden: tf.Tensor2D = tf.elu(this.get('enc1', layers.dense, { units: 32 })(x));
    hidden = this.get('code', layers.dense, { units: 4 })(hidden);
    hidden = tf.elu(this.get('dec1', layers.dense, { units: 32 })(hidden));
    return this.get('dec2', layers.dense, { units: WINDOW })(hidden);
  }

  /** One mean squared error for each window: `[n, WINDOW]` to `[n]` */
  score(x: tf.Tensor2D): tf.Tensor1D {
    return tf.mean(tf.squaredDifference(x, this.call(x)), 1);
  }
}

await useWasm();
const series = measurements();
const model = new WindowAutoEncoder({ seed: 0 });
await fit({
  model,
  data: fromArrays({ x: { data: windows(series.subarray(0, 3000), 1), shape: [WINDOW] } })
    .shuffle(0)
    .batch(64),
  loss: (model, { x }) => tf.mean(model.score(x)),
  optimizer: adam({ learningRate: 3e-3 }),
  epochs: 8,
});

const every = 8;
const start = 3000;
const scores = tf.tidy(() => {
  const values = windows(series.subarray(start), every);
  return model.score(tf.tensor2d(values, [values.length / WINDOW, WINDOW])).dataSync();
});
const usual = [...scores].sort((a, b) => a - b)[Math.floor(scores.length / 2)]!;
console.log('usual score:', usual.toFixed(4));
scores.forEach((score, index) => {
  if (score < 5 * usual) return;
  const from = start + index * every;
  console.log(`unusual: ${from} to ${from + WINDOW}, score ${score.toFixed(4)}`);
});
