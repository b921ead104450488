import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Check } from './check.js';
import { check } from './check.js';

function inWorker(): Promise<Check> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) =>
      data.error === undefined ? resolve(data.result) : reject(new Error(data.error));
    worker.onerror = ({ message }) => reject(new Error(message));
  });
}

Object.assign(globalThis, { inPage: check, inWorker });
