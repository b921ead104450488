/**
 * Where checkpoints live. A checkpoint is a named group of files that appears
 * whole or not at all; everything above (checksums, retention, which is newest)
 * is the same for every store.
 *
 * To write one, run the shared tests of this package's stores over it.
 */
export interface CheckpointStore {
  /** For messages: a path or another description. */
  readonly description: string;
  /** Names of all groups, in any order. A group that was not written whole may be among them. */
  list(): Promise<string[]>;
  /** Writes that were broken off and are in nobody's way, by a name that the user can find. */
  leftovers(): Promise<string[]>;
  /** Names of the files of a group. */
  files(name: string): Promise<string[]>;
  /** @throws Error when there is no such file */
  read(name: string, file: string): Promise<Uint8Array>;
  /**
   * Writes a group. When it resolves, the group survives a crash of the machine; when it
   * rejects or the process dies, there is either no group of that name or one
   * that lacks its last file.
   *
   * @param files in the order to write
   * @throws Error when the group exists
   */
  write(name: string, files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Adds or replaces one file of a group, atomically. */
  put(name: string, file: string, bytes: Uint8Array): Promise<void>;
  /** Removes a group; one that is removed half is never listed as whole. */
  remove(name: string): Promise<void>;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Refuses names of groups and files that could lead out of the store or that some
 * file system would change.
 */
export function assertStoreName(name: string): void {
  if (NAME.test(name) && !name.endsWith('.')) return;
  throw new Error(
    `${JSON.stringify(name.slice(0, 120))} cannot be a name in a checkpoint store: use letters, ` +
      'digits, ".", "_" and "-", beginning with a letter or digit.',
  );
}

/** The error for a group or file that is not there. */
export function notFound(store: CheckpointStore, name: string, file?: string): Error {
  const what = file === undefined ? `checkpoint "${name}"` : `file "${file}" in "${name}"`;
  return new Error(`There is no ${what} in ${store.description}.`);
}

/** The error for writing a group that exists. */
export function alreadyThere(store: CheckpointStore, name: string): Error {
  return new Error(`There is a checkpoint "${name}" in ${store.description} already.`);
}
