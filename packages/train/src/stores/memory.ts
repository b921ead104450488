import { alreadyThere, assertStoreName, type CheckpointStore, notFound } from './store.js';

/** A store that lives as long as the program: for tests and for trying things out. */
export function memory(): CheckpointStore {
  return new MemoryStore();
}

class MemoryStore implements CheckpointStore {
  readonly description = 'memory';
  private readonly groups = new Map<string, Map<string, Uint8Array>>();

  async list(): Promise<string[]> {
    return [...this.groups.keys()];
  }

  async leftovers(): Promise<string[]> {
    return [];
  }

  async files(name: string): Promise<string[]> {
    return [...this.group(name).keys()];
  }

  async read(name: string, file: string): Promise<Uint8Array> {
    const bytes = this.group(name).get(file);
    if (bytes === undefined) throw notFound(this, name, file);
    return bytes.slice();
  }

  async write(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const each of [name, ...files.keys()]) assertStoreName(each);
    if (this.groups.has(name)) throw alreadyThere(this, name);
    this.groups.set(name, new Map([...files].map(([file, bytes]) => [file, bytes.slice()])));
  }

  async put(name: string, file: string, bytes: Uint8Array): Promise<void> {
    assertStoreName(file);
    this.group(name).set(file, bytes.slice());
  }

  async remove(name: string): Promise<void> {
    this.groups.delete(name);
  }

  private group(name: string): Map<string, Uint8Array> {
    const group = this.groups.get(name);
    if (group === undefined) throw notFound(this, name);
    return group;
  }
}
