import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { backendInfo, useWasm } from '@ae/wasm';
import { compile } from '../dist/index.js';

await useWasm({ threads: Number(process.env.THREADS ?? 1) });
console.log(backendInfo());
const dims = (process.argv[2] ?? '64,32,8,32,64').split(',').map(Number);
const n = 32;
const ws = [],
  bs = [];
for (let i = 0; i + 1 < dims.length; i++) {
  ws.push(tf.variable(tf.randomNormal([dims[i], dims[i + 1]], 0, 1 / Math.sqrt(dims[i]))));
  bs.push(tf.variable(tf.zeros([dims[i + 1]])));
}
const all = [...ws, ...bs];
const forward = (x) => {
  let h = x;
  for (let i = 0; i < ws.length; i++) {
    h = tf.add(tf.matMul(h, ws[i]), bs[i]);
    if (i + 1 < ws.length) h = tf.elu(h);
  }
  return h;
};
const lr = 0.01;
const stepFn = (x) => {
  const { value, grads } = tf.variableGrads(
    () => tf.mean(tf.squaredDifference(x, forward(x))),
    all,
  );
  for (const v of all) v.assign(tf.sub(v, tf.mul(grads[v.name], lr)));
  return value;
};
const step = compile(stepFn);
const x = tf.randomUniform([n, dims[0]]);
const initial = all.map((v) => v.dataSync());
const restore = () => {
  for (const [i, v] of all.entries()) v.assign(tf.tensor(initial[i], v.shape));
};
const run = (f, k) => {
  restore();
  const out = [];
  for (let i = 0; i < k; i++) {
    const r = tf.tidy(() => f(x));
    out.push(r.dataSync()[0]);
    r.dispose();
  }
  return [out, all.map((v) => v.dataSync())];
};
const [a, wa] = run(stepFn, 5);
const [b, wb] = run(step, 5);
console.log(a, b);
console.log(Math.max(...wa.map((w, i) => Math.max(...w.map((q, j) => Math.abs(q - wb[i][j]))))));
console.log(String(step.traces[0]));
const time = (f, ms = 700) => {
  for (let i = 0; i < 30; i++) tf.tidy(() => void f(x));
  let best = Infinity;
  const end = performance.now() + ms;
  let all = 0,
    count = 0;
  while (performance.now() < end) {
    const t = performance.now();
    const k = 10;
    for (let i = 0; i < k; i++) tf.tidy(() => void f(x));
    const d = (performance.now() - t) / k;
    best = Math.min(best, d);
    all += d;
    count++;
  }
  return [best, all / count];
};
for (let i = 0; i < 2; i++) console.log('eager', time(stepFn), 'compiled', time(step));
