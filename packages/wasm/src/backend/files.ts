import { isNode, nodeModule } from './node.js';

/** The WebAssembly files beside the package's JavaScript. */
export type WasmFile =
  | `tfjs-simd${'' | '-shared'}.wasm`
  | `kernels-${'simd' | 'relaxed'}${'' | '-shared'}.wasm`;

// Bundlers find and copy the files by this very form, with a literal name in each.
const FILES: Record<WasmFile, () => URL> = {
  'tfjs-simd.wasm': () => new URL('./tfjs-simd.wasm', import.meta.url),
  'tfjs-simd-shared.wasm': () => new URL('./tfjs-simd-shared.wasm', import.meta.url),
  'kernels-simd.wasm': () => new URL('./kernels-simd.wasm', import.meta.url),
  'kernels-relaxed.wasm': () => new URL('./kernels-relaxed.wasm', import.meta.url),
  'kernels-simd-shared.wasm': () => new URL('./kernels-simd-shared.wasm', import.meta.url),
  'kernels-relaxed-shared.wasm': () => new URL('./kernels-relaxed-shared.wasm', import.meta.url),
};

/** Where a host keeps the files: a folder, or a function from a file's name to its address. */
export type WasmPath = string | URL | ((file: string) => string | URL);

/** Reads and compiles one of the package's WebAssembly files. */
export async function compileFile(
  file: WasmFile,
  wasmPath: WasmPath | undefined,
): Promise<WebAssembly.Module> {
  let url: string | URL = file;
  try {
    url = locate(file, wasmPath);
    return await WebAssembly.compile(await read(url));
  } catch (cause) {
    throw new Error(
      `@ae/wasm could not load ${url}. Serve the package's .wasm files and pass their folder: ` +
        'useWasm({ wasmPath }).',
      { cause },
    );
  }
}

function locate(file: WasmFile, wasmPath: WasmPath | undefined): string | URL {
  if (wasmPath === undefined) return FILES[file]();
  if (typeof wasmPath === 'function') return wasmPath(file);
  const folder = String(wasmPath);
  return folder.endsWith('/') ? folder + file : `${folder}/${file}`;
}

async function read(url: string | URL): Promise<ArrayBuffer | Uint8Array<ArrayBuffer>> {
  const isWeb = /^(https?|blob|data):/.test(String(url));
  if (isNode && !isWeb) {
    const isFileUrl = String(url).startsWith('file:');
    return nodeModule('node:fs/promises').readFile(isFileUrl ? new URL(url) : url);
  }
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.arrayBuffer();
}
