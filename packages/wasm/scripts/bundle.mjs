/** Bundles src/ with the JavaScript of the tfjs WASM backend's kernels. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * `stock-kernels` and `cpu-kernels` are lists of every kernel that tfjs-backend-wasm and
 * tfjs-backend-cpu have. Their own lists register them for `wasm` and `cpu` as a side effect of
 * being imported, which is not ours to do.
 */
const kernelLists = (packages) => ({
  name: 'kernel-lists',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(stock|cpu)-kernels$/ }, ({ path }) => ({ path, namespace: 'list' }));
    onLoad({ filter: /.*/, namespace: 'list' }, ({ path }) => {
      const resolveDir = join(packages[path], 'dist/kernels');
      const configs = readdirSync(resolveDir)
        .filter((name) => name.endsWith('.js'))
        .flatMap((name) =>
          [
            ...readFileSync(join(resolveDir, name), 'utf8').matchAll(
              /^export const (\w+Config) =/gm,
            ),
          ].map(([, config]) => ({ name, config })),
        );
      const list = path === 'stock-kernels' ? 'stockKernels' : 'cpuKernels';
      const contents = [
        ...configs.map(({ name, config }) => `import { ${config} } from './${name}';`),
        `export const ${list} = [${configs.map(({ config }) => config).join(', ')}];`,
        path === 'cpu-kernels' ? `export { MathBackendCPU } from '../backend_cpu.js';` : '',
      ].join('\n');
      return { contents, resolveDir };
    });
  },
});

/** `worker-source` is the script of a worker thread, as a string. */
const workerSource = (root) => ({
  name: 'worker-source',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^worker-source$/ }, ({ path }) => ({ path, namespace: 'worker' }));
    onLoad({ filter: /.*/, namespace: 'worker' }, async () => {
      const { outputFiles } = await build({
        absWorkingDir: root,
        entryPoints: ['src/backend/threads/worker.ts'],
        bundle: true,
        minify: true,
        write: false,
        format: 'iife',
        target: 'es2022',
        logLevel: 'warning',
      });
      return { contents: `export const workerSource = ${JSON.stringify(outputFiles[0].text)};` };
    });
  },
});

/** Returns the files to write: `{ path, contents }[]`. */
export async function bundle({ root, stock, cpu }) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    outdir: 'dist',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    external: ['@tensorflow/tfjs-core'],
    plugins: [kernelLists({ 'stock-kernels': stock, 'cpu-kernels': cpu }), workerSource(root)],
    banner: {
      js: '// Contains parts of @tensorflow/tfjs-backend-wasm and @tensorflow/tfjs-backend-cpu, Copyright Google LLC, Apache-2.0.',
    },
    logLevel: 'warning',
  });
  return outputFiles;
}
