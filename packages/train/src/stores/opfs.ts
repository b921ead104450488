import { alreadyThere, assertStoreName, type CheckpointStore, notFound } from './store.js';

/**
 * A folder of the browser's origin private file system, made when first written
 * to. The browser has no rename for folders; a checkpoint counts as whole when
 * its last file, the manifest, is there.
 *
 * @param path such as `runs/mnist`
 * @param root gives the folder to begin in
 */
export function opfs(
  path: string,
  root: () => Promise<FileSystemDirectoryHandle> = () => navigator.storage.getDirectory(),
): CheckpointStore {
  return new OpfsStore(path, root);
}

class OpfsStore implements CheckpointStore {
  readonly description: string;

  constructor(
    private readonly path: string,
    private readonly root: () => Promise<FileSystemDirectoryHandle>,
  ) {
    this.description = `"${path}" in the browser's private file system`;
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    for await (const [name, handle] of (await this.folder()).entries()) {
      if (handle.kind === 'directory') names.push(name);
    }
    return names;
  }

  async leftovers(): Promise<string[]> {
    return [];
  }

  async files(name: string): Promise<string[]> {
    const names: string[] = [];
    for await (const file of (await this.group(name)).keys()) {
      // Some browsers show the file that a writable swaps in.
      if (!file.endsWith('.crswap')) names.push(file);
    }
    return names;
  }

  async read(name: string, file: string): Promise<Uint8Array> {
    const group = await this.group(name);
    try {
      const handle = await group.getFileHandle(file);
      return new Uint8Array(await (await handle.getFile()).arrayBuffer());
    } catch (error) {
      throw isNotFound(error) ? notFound(this, name, file) : error;
    }
  }

  async write(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const each of [name, ...files.keys()]) assertStoreName(each);
    if ((await this.list()).includes(name)) throw alreadyThere(this, name);
    const folder = await this.folder();
    try {
      const group = await folder.getDirectoryHandle(name, { create: true });
      for (const [file, bytes] of files) await writeFile(group, file, bytes);
    } catch (error) {
      await folder.removeEntry(name, { recursive: true }).catch(() => undefined);
      throw error;
    }
  }

  async put(name: string, file: string, bytes: Uint8Array): Promise<void> {
    assertStoreName(file);
    await writeFile(await this.group(name), file, bytes);
  }

  async remove(name: string): Promise<void> {
    const folder = await this.folder();
    try {
      await folder.removeEntry(name, { recursive: true });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  private async folder(): Promise<FileSystemDirectoryHandle> {
    let folder = await this.root();
    for (const part of this.path.split('/').filter((each) => each !== '')) {
      folder = await folder.getDirectoryHandle(part, { create: true });
    }
    return folder;
  }

  private async group(name: string): Promise<FileSystemDirectoryHandle> {
    try {
      return await (await this.folder()).getDirectoryHandle(name);
    } catch (error) {
      throw isNotFound(error) ? notFound(this, name) : error;
    }
  }
}

/** The browser writes to a copy and swaps it in when it is closed. */
async function writeFile(
  folder: FileSystemDirectoryHandle,
  file: string,
  bytes: Uint8Array,
): Promise<void> {
  const handle = await folder.getFileHandle(file, { create: true });
  const writable = await handle.createWritable();
  try {
    await writable.write(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    await writable.abort().catch(() => undefined);
    throw error;
  }
  await writable.close();
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotFoundError';
}
