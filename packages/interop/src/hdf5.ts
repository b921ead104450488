import { File, ready } from 'h5wasm';

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
