import { proxy, type Remote, wrap } from 'comlink';
import type { OpenResult, TrainerApi, TrainerEvents } from './protocol.js';

/** The training worker, seen from the page. */
export interface TrainerClient {
  readonly api: Remote<TrainerApi>;
  open(): Promise<OpenResult>;
  /** Ends the worker; what it was asked for is never answered. */
  terminate(): void;
}

/**
 * Starts the worker.
 *
 * @param onCrash is told when the worker dies; it answers nothing any more then
 */
export function startTrainer(
  events: TrainerEvents,
  onCrash: (message: string) => void,
): TrainerClient {
  const worker = new Worker(new URL('./trainer.worker.ts', import.meta.url), { type: 'module' });
  const api = wrap<TrainerApi>(worker);
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    // What it says from now on cannot be relied on.
    worker.terminate();
    onCrash(event.message || 'The worker could not be started.');
  });
  return {
    api,
    open: () => api.open(proxy(events)),
    terminate: () => worker.terminate(),
  };
}
