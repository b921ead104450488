import { isNode, nodeModule } from '../node.js';

/** How many threads to use, and why not more. */
export interface ThreadChoice {
  threads: number;
  reason?: string;
}

/** More threads than these find too little to do in the operations of small models. */
const MOST_BY_ITSELF = 8;
const MOST = 64;

/**
 * @param wanted `'auto'`: one for each core, at most 8
 * @throws RangeError for a number that is not a whole one from 1 to 64
 */
export function chooseThreads(wanted: 'auto' | number): ThreadChoice {
  if (wanted !== 'auto' && !(Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST)) {
    throw new RangeError(`threads must be 'auto' or a whole number from 1 to ${MOST}: ${wanted}`);
  }
  if (wanted === 1) return { threads: 1, reason: 'one thread was asked for' };
  const obstacle = whyNoThreads();
  if (obstacle !== undefined) return { threads: 1, reason: obstacle };
  if (wanted !== 'auto') return { threads: wanted };
  const cores = isNode ? nodeModule('node:os').availableParallelism() : hardwareConcurrency();
  if (cores === 1) return { threads: 1, reason: 'the machine has one core' };
  return { threads: Math.min(cores, MOST_BY_ITSELF) };
}

function whyNoThreads(): string | undefined {
  if (isNode) return undefined;
  if (typeof SharedArrayBuffer === 'undefined' || !globalThis.crossOriginIsolated) {
    return (
      'the page is not cross-origin isolated; serve it with the headers ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp'
    );
  }
  return typeof Worker === 'undefined' ? 'this host has no workers' : undefined;
}

function hardwareConcurrency(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}
