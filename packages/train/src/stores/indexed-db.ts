import { alreadyThere, assertStoreName, type CheckpointStore, notFound } from './store.js';

const FILES = 'files';

/**
 * A database of the browser. Each checkpoint is written in one transaction, which
 * the browser carries out whole or not at all.
 *
 * @param name of the database, such as `runs/mnist`
 */
export function indexedDb(name: string, factory: IDBFactory = indexedDB): CheckpointStore {
  return new IndexedDbStore(name, factory);
}

/** One record for each file, under the key `[group, file]`. */
class IndexedDbStore implements CheckpointStore {
  readonly description: string;
  private database: Promise<IDBDatabase> | undefined;

  constructor(
    private readonly name: string,
    private readonly factory: IDBFactory,
  ) {
    this.description = `the IndexedDB database "${name}"`;
  }

  async list(): Promise<string[]> {
    const keys = await this.keys();
    return [...new Set(keys.map(([group]) => group))];
  }

  async leftovers(): Promise<string[]> {
    return [];
  }

  async files(name: string): Promise<string[]> {
    const keys = await this.keys(filesOf(name));
    if (keys.length === 0) throw notFound(this, name);
    return keys.map(([, file]) => file);
  }

  async read(name: string, file: string): Promise<Uint8Array> {
    const bytes = await this.transact('readonly', (store) => store.get([name, file]));
    if (bytes === undefined) throw notFound(this, name, file);
    return bytes as Uint8Array;
  }

  async write(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const each of [name, ...files.keys()]) assertStoreName(each);
    if ((await this.list()).includes(name)) throw alreadyThere(this, name);
    await this.transact('readwrite', (store) => {
      // `add` refuses a key that another tab has written in the meantime.
      for (const [file, bytes] of files) store.add(bytes, [name, file]);
      return store.count();
    });
  }

  async put(name: string, file: string, bytes: Uint8Array): Promise<void> {
    assertStoreName(file);
    await this.files(name);
    await this.transact('readwrite', (store) => store.put(bytes, [name, file]));
  }

  async remove(name: string): Promise<void> {
    await this.transact('readwrite', (store) => store.delete(filesOf(name)));
  }

  private async keys(range?: IDBKeyRange): Promise<[group: string, file: string][]> {
    const keys = await this.transact('readonly', (store) => store.getAllKeys(range));
    return keys as [string, string][];
  }

  /** Resolves with the result of the request when the transaction is on the disk. */
  private async transact<T>(
    mode: IDBTransactionMode,
    request: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    this.database ??= this.open();
    const database = await this.database;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(FILES, mode, { durability: 'strict' });
      const pending = request(transaction.objectStore(FILES));
      transaction.oncomplete = () => resolve(pending.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('The write was aborted.'));
    });
  }

  private open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = this.factory.open(this.name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(FILES);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}

/** Every key of a group: an array sorts after any string. */
function filesOf(name: string): IDBKeyRange {
  return IDBKeyRange.bound([name], [name, []]);
}
