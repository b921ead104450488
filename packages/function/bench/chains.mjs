// Chains of elementwise operations in the three ways in which a program could do them, in turn:
//   node bench/chains.mjs
// - passes: each operation over all elements, then the next
// - interpreted: block by block of 1024 elements, all operations on one block, as a vectorised
//   interpreter would; the blocks between operations stay in the first-level cache
// - generated: the WebAssembly loop that @ae/wasm makes of the chain, which keeps them in registers
import * as tf from '@tensorflow/tfjs-core';
import { useWasm } from '../../wasm/dist/index.js';
import { compile } from '../dist/index.js';

await useWasm({ threads: 1 });
const { kernels, heap } = tf.backend();
const BLOCK = 1024;
const constants = heap.allocate(64);
kernels.writeConstants(constants);

const binary = (name) => (a, b, y, n) => kernels[name](a, 1, 0, b, 1, 0, y, 1, n);
const add = binary('add');
const sub = binary('sub');
const multiply = binary('multiply');
const square = (a, _, y, n) => kernels.square(a, y, n);
const elu = (a, _, y, n) => kernels.elu(a, y, n, constants);

// Each operation takes what came before it and one of three operands.
const CHAINS = {
  'x * a + b': {
    kernels: [
      [multiply, 0],
      [add, 1],
    ],
    operations: (x, a, b) => tf.add(tf.mul(x, a), b),
  },
  'elu(x * a + b) - c': {
    kernels: [
      [multiply, 0],
      [add, 1],
      [elu, 0],
      [sub, 2],
    ],
    operations: (x, a, b, c) => tf.sub(tf.elu(tf.add(tf.mul(x, a), b)), c),
  },
  '((((x - a)^2 + b) * c - a)^2 + b) * c': {
    kernels: [
      [sub, 0],
      [square, 0],
      [add, 1],
      [multiply, 2],
      [sub, 0],
      [square, 0],
      [add, 1],
      [multiply, 2],
    ],
    operations: (x, a, b, c) => {
      const half = (y) => tf.mul(tf.add(tf.square(tf.sub(y, a)), b), c);
      return half(half(x));
    },
  },
};

function blockwise(chain, pointers, [from, to, temporary], n, block) {
  const last = chain.length - 1;
  for (let start = 0; start < n; start += block) {
    const count = Math.min(block, n - start);
    const at = 4 * start;
    let source = from + at;
    for (let i = 0; i <= last; i++) {
      const [kernel, operand] = chain[i];
      const target = i === last ? to + at : temporary;
      kernel(source, pointers[operand] + at, target, count);
      source = target;
    }
  }
}

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

for (const n of [4096, 65536, 1048576]) {
  for (const [name, { kernels: chain, operations }] of Object.entries(CHAINS)) {
    const [x, ...operands] = Array.from({ length: 4 }, (_, i) =>
      tf.randomUniform([n], -1, 1, 'float32', i + 1),
    );
    const variable = tf.tidy(() => tf.variable(tf.zeros([n])));
    const generated = compile(() => variable.assign(operations(x, ...operands)));
    const backend = tf.backend();
    const pointers = operands.map((tensor) => backend.pointer(tensor));
    const own = [backend.pointer(x), heap.allocate(4 * n), heap.allocate(4 * n)];
    const ways = {
      passes: () => blockwise(chain, pointers, own, n, n),
      interpreted: () => blockwise(chain, pointers, own, n, BLOCK),
      generated,
    };
    const times = { passes: [], interpreted: [], generated: [] };
    const runs = Math.ceil(2 ** 20 / n);
    for (let round = 0; round < 40; round++) {
      for (const [way, run] of Object.entries(ways)) {
        const start = performance.now();
        for (let i = 0; i < runs; i++) run();
        if (round >= 10) times[way].push((1000 * (performance.now() - start)) / runs);
      }
    }
    const texts = Object.entries(times).map(([way, list]) => `${way} ${median(list).toFixed(1)}`);
    const result = new Float32Array(backend.wasm.HEAPU8.buffer, own[1], n);
    const same = variable.dataSync().every((value, i) => value === result[i]);
    console.log(`${n} x ${name}: ${texts.join(', ')} us; ${same ? 'equal' : 'DIFFERENT'}`);
    generated.dispose();
    tf.dispose([x, operands, variable]);
    for (const address of own.slice(1)) heap.free(address);
  }
}
