import * as nodeFileSystem from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { alreadyThere, assertStoreName, type CheckpointStore, notFound } from './store.js';

/** The functions of `node:fs/promises` that the store uses; tests put failing ones in their place. */
export type FileSystem = Pick<
  typeof nodeFileSystem,
  'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'rm'
>;

const WRITING = '.writing-';
const REMOVING = '.removing-';

/**
 * A folder of the file system, made when first written to. Each checkpoint is a
 * folder in it, written under a hidden name, synced to the disk and then renamed.
 */
export function directory(path: string, fileSystem: FileSystem = nodeFileSystem): CheckpointStore {
  return new DirectoryStore(resolve(path), fileSystem);
}

class DirectoryStore implements CheckpointStore {
  constructor(
    private readonly path: string,
    private readonly fs: FileSystem,
  ) {}

  get description(): string {
    return this.path;
  }

  async list(): Promise<string[]> {
    return (await this.folders()).filter((name) => !name.startsWith('.'));
  }

  async leftovers(): Promise<string[]> {
    return (await this.folders()).filter((name) => name.startsWith(WRITING));
  }

  async files(name: string): Promise<string[]> {
    assertStoreName(name);
    try {
      const names = await this.fs.readdir(join(this.path, name));
      return names.filter((file) => !file.startsWith('.'));
    } catch (error) {
      throw isCode(error, 'ENOENT') ? notFound(this, name) : error;
    }
  }

  async read(name: string, file: string): Promise<Uint8Array> {
    assertStoreName(name);
    assertStoreName(file);
    try {
      return await this.fs.readFile(join(this.path, name, file));
    } catch (error) {
      throw isCode(error, 'ENOENT') ? notFound(this, name, file) : error;
    }
  }

  async write(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const each of [name, ...files.keys()]) assertStoreName(each);
    if ((await this.list()).includes(name)) throw alreadyThere(this, name);
    const hidden = join(this.path, WRITING + name);
    await this.fs.rm(hidden, { recursive: true, force: true });
    try {
      await this.fs.mkdir(hidden, { recursive: true });
      for (const [file, bytes] of files) await this.writeSynced(join(hidden, file), bytes);
      await this.sync(hidden);
      await this.fs.rename(hidden, join(this.path, name));
    } catch (error) {
      // What is left, if this fails too, is hidden and is replaced by the next attempt.
      await this.fs.rm(hidden, { recursive: true, force: true }).catch(() => undefined);
      throw isCode(error, 'ENOTEMPTY', 'EEXIST') ? alreadyThere(this, name) : error;
    }
    await this.sync(this.path);
  }

  async put(name: string, file: string, bytes: Uint8Array): Promise<void> {
    assertStoreName(file);
    await this.files(name);
    const folder = join(this.path, name);
    const hidden = join(folder, WRITING + file);
    await this.writeSynced(hidden, bytes);
    await this.fs.rename(hidden, join(folder, file));
    await this.sync(folder);
  }

  async remove(name: string): Promise<void> {
    assertStoreName(name);
    try {
      await this.fs.rename(join(this.path, name), join(this.path, REMOVING + name));
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
    // Also those whose removal a crash broke off.
    for (const folder of await this.folders()) {
      if (!folder.startsWith(REMOVING)) continue;
      await this.fs.rm(join(this.path, folder), { recursive: true, force: true });
    }
  }

  private async folders(): Promise<string[]> {
    try {
      const entries = await this.fs.readdir(this.path, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  private async writeSynced(path: string, bytes: Uint8Array): Promise<void> {
    const handle = await this.fs.open(path, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Makes the names in a folder survive a crash. Windows has no such call, and no need of it. */
  private async sync(folder: string): Promise<void> {
    if (process.platform === 'win32') return;
    const handle = await this.fs.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
