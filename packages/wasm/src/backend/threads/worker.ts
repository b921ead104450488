// The program of a worker. The build puts its text into the package's JavaScript, so that no host
// has to find another file.
import type { MessagePortLike } from '../node.js';
import { isNode, nodeModule } from '../node.js';
import { doTasks, hasWork, sleep } from './job.js';
import { kernelTable } from './kernel-table.js';

/** What a worker is given to start with. */
export interface WorkerStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: SharedArrayBuffer;
  worker: number;
  spinMilliseconds: number;
}

function start({ module, memory, control, worker, spinMilliseconds }: WorkerStart): never {
  const words = new Int32Array(control);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = kernelTable(module, exports);
  port.postMessage('ready');
  for (;;) {
    doTasks(words, kernels, worker);
    // The next call often follows within microseconds, sooner than a sleeping thread wakes up.
    const end = performance.now() + spinMilliseconds;
    let spins = 0;
    while (!hasWork(words) && (++spins % 64 !== 0 || performance.now() < end));
    if (!hasWork(words)) sleep(words);
  }
}

const port = isNode
  ? nodeModule('node:worker_threads').parentPort!
  : (globalThis as unknown as MessagePortLike);
port.addEventListener('message', ({ data }) => start(data as WorkerStart), { once: true });
