/**
 * The part of the browser's private file system that the store uses, in memory:
 * a file changes only when its writable is closed.
 */
export class FakeDirectoryHandle {
  readonly kind = 'directory';
  private readonly children = new Map<string, FakeDirectoryHandle | FakeFileHandle>();

  constructor(readonly name: string) {}

  async getDirectoryHandle(
    name: string,
    options?: { create?: boolean },
  ): Promise<FileSystemDirectoryHandle> {
    return this.child(name, FakeDirectoryHandle, options) as unknown as FileSystemDirectoryHandle;
  }

  async getFileHandle(name: string, options?: { create?: boolean }): Promise<FileSystemFileHandle> {
    return this.child(name, FakeFileHandle, options) as unknown as FileSystemFileHandle;
  }

  async removeEntry(name: string): Promise<void> {
    if (!this.children.delete(name)) throw notFound(name);
  }

  async *entries(): AsyncGenerator<[string, FakeDirectoryHandle | FakeFileHandle]> {
    yield* this.children;
  }

  async *keys(): AsyncGenerator<string> {
    yield* this.children.keys();
  }

  private child<T extends FakeDirectoryHandle | FakeFileHandle>(
    name: string,
    Kind: new (name: string) => T,
    options: { create?: boolean } = {},
  ): T {
    const child = this.children.get(name);
    if (child instanceof Kind) return child;
    if (child !== undefined || options.create !== true) throw notFound(name);
    const made = new Kind(name);
    this.children.set(name, made);
    return made;
  }
}

class FakeFileHandle {
  readonly kind = 'file';
  private content = new Uint8Array();

  constructor(readonly name: string) {}

  async getFile(): Promise<{ arrayBuffer(): Promise<ArrayBuffer> }> {
    const { buffer } = this.content.slice();
    return { arrayBuffer: async () => buffer };
  }

  async createWritable(): Promise<{
    write(bytes: Uint8Array): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }> {
    let written = new Uint8Array();
    return {
      write: async (bytes) => {
        const grown = new Uint8Array(written.length + bytes.length);
        grown.set(written);
        grown.set(bytes, written.length);
        written = grown;
      },
      close: async () => {
        this.content = written;
      },
      abort: async () => undefined,
    };
  }
}

function notFound(name: string): Error {
  return new DOMException(`${name} is not there`, 'NotFoundError');
}
