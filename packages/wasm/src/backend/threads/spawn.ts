import { workerSource } from 'worker-source';
import { isNode, nodeModule } from '../node.js';
import type { WorkerStart } from './worker.js';

/** A started worker. */
export interface Thread {
  terminate(): void;
}

/** How long a worker may take to start. */
const START_MILLISECONDS = 10_000;

/**
 * Starts a worker and waits until it is ready.
 *
 * @param onDeath called when the worker ends or fails later, unless by `terminate`
 * @throws Error when the worker does not start
 */
export async function spawn(
  start: WorkerStart,
  onDeath: (reason: string) => void,
): Promise<Thread> {
  let settle: (reason?: string) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    settle = (reason) => (reason === undefined ? resolve() : reject(new Error(reason)));
  });
  let terminated = false;
  const ended = (reason: string): void => {
    if (terminated) return;
    settle(reason);
    onDeath(reason);
  };
  const host = isNode ? nodeThread(() => settle(), ended) : webThread(() => settle(), ended);
  const thread = {
    terminate: () => {
      terminated = true;
      host.terminate();
    },
  };
  const timer = setTimeout(
    () => settle(`a worker did not start within ${START_MILLISECONDS / 1000} s`),
    START_MILLISECONDS,
  );
  try {
    host.postMessage(start);
    await ready;
  } catch (error) {
    thread.terminate();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  host.unref?.();
  return thread;
}

interface Host extends Thread {
  postMessage(message: WorkerStart): void;
  /** Lets the process end although the worker still waits for work. */
  unref?(): void;
}

function nodeThread(ready: () => void, ended: (reason: string) => void): Host {
  const { Worker } = nodeModule('node:worker_threads');
  // Neither the program's loaders and flags nor its environment are for these threads.
  const options = { eval: true, name: 'ae-wasm', execArgv: [], env: {} };
  const worker = new Worker(workerSource, options);
  worker.on('message', ready);
  worker.on('error', (error) => ended(`a worker failed: ${error.message}`));
  worker.on('exit', (code) => ended(`a worker ended with exit code ${code}`));
  return {
    postMessage: (message) => worker.postMessage(message),
    unref: () => worker.unref(),
    terminate: () => void worker.terminate(),
  };
}

function webThread(ready: () => void, ended: (reason: string) => void): Host {
  const url = URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'ae-wasm' });
  worker.onmessage = () => {
    URL.revokeObjectURL(url);
    ready();
  };
  worker.onerror = ({ message }) =>
    ended(`a worker failed: ${message ?? 'it could not be started'}`);
  return worker;
}
