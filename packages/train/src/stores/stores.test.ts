import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { FakeDirectoryHandle } from '../testing/fake-opfs.js';
import { describeStore } from '../testing/store-suite.js';
import { directory } from './directory.js';
import { indexedDb } from './indexed-db.js';
import { memory } from './memory.js';
import { opfs } from './opfs.js';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

describeStore('memory', async () => memory());

describeStore('directory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ae-store-'));
  folders.push(folder);
  return directory(join(folder, 'made', 'when needed'));
});

describeStore('IndexedDB', async () => indexedDb('checkpoints', new IDBFactory()));

describeStore('OPFS', async () => {
  const root = new FakeDirectoryHandle('');
  return opfs('runs/mnist', async () => root as unknown as FileSystemDirectoryHandle);
});
