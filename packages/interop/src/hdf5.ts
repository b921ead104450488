import type { TensorValue } from '@ae/module';
import { Dataset, File, Group, ready } from 'h5wasm';
import { joinPath, splitPath } from './target.js';

let files = 0;

/**
 * Opens an HDF5 file that is given by its bytes, and gives what `use` gives and
 * the bytes as they are afterwards. Without `bytes` a new file is made.
 *
 * @throws Error when the bytes are no HDF5 file
 */
export async function withHdf5<Result>(
  bytes: Uint8Array | undefined,
  use: (file: File) => Result,
): Promise<{ result: Result; bytes: Uint8Array }> {
  if (bytes !== undefined) assertHdf5(bytes);
  const { FS } = await ready;
  // The HDF5 library works on files; this one lies in memory only.
  const name = `interop-${files++}.h5`;
  if (bytes !== undefined) FS.writeFile(name, bytes);
  try {
    const file = new File(name, bytes === undefined ? 'w' : 'a');
    // The library reports what goes wrong on the console, and goes on.
    if (file.file_id < 0n) throw new Error('The HDF5 file is damaged or cut off.');
    let result: Result;
    try {
      result = use(file);
    } finally {
      file.close();
    }
    return { result, bytes: FS.readFile(name) };
  } finally {
    if (FS.analyzePath(name).exists) FS.unlink(name);
  }
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

function assertHdf5(bytes: Uint8Array): void {
  if (SIGNATURE.every((byte, i) => bytes[i] === byte)) return;
  throw new Error(
    `This is no HDF5 file: its ${bytes.length} bytes do not begin with HDF5's signature. ` +
      'Expected is what Keras saves as .weights.h5, .h5 or .keras.',
  );
}

/**
 * Writes a dataset: a new one with the groups above it, or into one of the same shape.
 *
 * @throws Error when the values are not in the file afterwards
 */
export function writeDataset(file: File, path: string, value: TensorValue): void {
  const { data, shape } = value;
  const existing = file.get(path);
  if (existing instanceof Dataset) {
    existing.write_slice(
      shape.map(() => []),
      data,
    );
  } else {
    const [owner, name] = splitPath(path);
    makeGroup(file, owner).create_dataset({ name, data, shape: [...shape] });
  }
  const written = file.get(path);
  const values = written instanceof Dataset ? written.value : null;
  const kept = ArrayBuffer.isView(values) ? (values as Float32Array) : undefined;
  if (kept?.length === data.length && data.every((x, i) => Object.is(x, kept[i]))) return;
  throw new Error(`'${path}' could not be written to the HDF5 file.`);
}

/** The group at a path, made if it is not there. */
export function makeGroup(file: File, path: string): Group {
  if (path === '') return file;
  const existing = file.get(path);
  if (existing instanceof Group) return existing;
  const [owner, name] = splitPath(path);
  makeGroup(file, owner);
  return file.create_group(joinPath(owner, name));
}
