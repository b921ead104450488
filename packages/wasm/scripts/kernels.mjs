/** Compiles assembly/ to the WebAssembly modules of the kernels, one for each kind of host. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { checkModule } from './check-module.mjs';

const RELAXED = ['--enable', 'relaxed-simd'];
const SHARED = [
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--enable',
  'threads',
];

/** The modules of dist/: plain or relaxed SIMD, on a private heap or on one shared with workers. */
export const VARIANTS = {
  'kernels-simd': [],
  'kernels-relaxed': RELAXED,
  'kernels-simd-shared': SHARED,
  'kernels-relaxed-shared': [...RELAXED, ...SHARED],
};

const COMMON = [
  'assembly/index.ts',
  ...['--runtime', 'stub', '--importMemory', '--noExportMemory', '--enable', 'simd'],
  ...['-O3', '--noAssert', '--bindings', 'raw', '--outFile', 'kernels.wasm'],
];

/**
 * Compiles one variant, or takes it from `cache` when neither the sources nor the compiler changed.
 * Returns the module and TypeScript declarations of its exports.
 */
export async function compileKernels(variant, { root, cache }) {
  const flags = [...COMMON, ...VARIANTS[variant]];
  const key = sourceHash(root, [asc.version, ...flags]);
  const saved = join(cache, key);
  if (!existsSync(`${saved}.d.ts`)) {
    const { wasm, declarations } = await compile(root, flags);
    checkModule(variant, wasm);
    mkdirSync(cache, { recursive: true });
    writeFileSync(`${saved}.wasm`, wasm);
    writeFileSync(`${saved}.d.ts`, declarations);
  }
  return {
    wasm: readFileSync(`${saved}.wasm`),
    declarations: readFileSync(`${saved}.d.ts`, 'utf8'),
  };
}

async function compile(root, flags) {
  const written = new Map();
  const { error, stderr } = await asc.main([...flags, '--baseDir', root], {
    writeFile: (name, contents) => {
      written.set(name, contents);
    },
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return { wasm: written.get('kernels.wasm'), declarations: written.get('kernels.d.ts') };
}

function sourceHash(root, extra) {
  const hash = createHash('sha256').update(JSON.stringify(extra));
  const checker = new URL('./check-module.mjs', import.meta.url);
  hash.update(readFileSync(checker));
  const folder = join(root, 'assembly');
  for (const name of readdirSync(folder, { recursive: true }).sort()) {
    if (!name.endsWith('.ts')) continue;
    hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 32);
}
