/**
 * Builds dist/: the kernels (AssemblyScript to WebAssembly), one JavaScript module with
 * a private copy of the tfjs WASM backend's kernels, and the declarations.
 *
 *   node scripts/build.mjs
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { kernelExports } from './declarations.mjs';
import { compileKernels, VARIANTS } from './kernels.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const cache = join(root, 'node_modules/.cache/kernels');
const [stock, cpu] = ['wasm', 'cpu'].map((name) =>
  dirname(createRequire(import.meta.url).resolve(`@tensorflow/tfjs-backend-${name}/package.json`)),
);

/** Writes a file so that a reader sees the old one or the new one, never half of it. */
function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, contents);
  renameSync(temporary, path);
}

for (const variant of Object.keys(VARIANTS)) {
  const { wasm, declarations } = await compileKernels(variant, { root, cache });
  write(join(dist, `${variant}.wasm`), wasm);
  // The same for every variant.
  write(join(root, 'src/generated/kernel-exports.ts'), kernelExports(declarations));
}
for (const [name, target] of [
  ['tfjs-backend-wasm-simd.wasm', 'tfjs-simd.wasm'],
  ['tfjs-backend-wasm-threaded-simd.wasm', 'tfjs-simd-shared.wasm'],
]) {
  write(join(dist, target), readFileSync(join(stock, 'wasm-out', name)));
}
for (const { path, contents } of await bundle({ root, stock, cpu })) write(path, contents);

const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
const { status } = spawnSync(
  process.execPath,
  [join(dirname(typescript), 'bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
