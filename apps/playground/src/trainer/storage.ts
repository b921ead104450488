import { type CheckpointStore, memory } from '@ae/train';
import { indexedDb, opfs } from '@ae/train/browser';
import type { StorageFacts } from './protocol.js';

const NAME = 'ae-playground';

/** Where this browser can keep a run: the first of these that works. */
export async function openStorage(): Promise<{ store: CheckpointStore; facts: StorageFacts }> {
  const reasons: string[] = [];
  for (const [kind, open] of [
    ['opfs', opfs],
    ['indexeddb', indexedDb],
  ] as const) {
    try {
      const store = await open(NAME);
      // Some browsers offer a storage that fails at its first use, in private windows for one.
      await store.list();
      return { store, facts: { kind } };
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  const reason = `This browser keeps nothing for this page: ${reasons.join('; ')}`;
  return { store: memory(), facts: { kind: 'memory', reason } };
}
