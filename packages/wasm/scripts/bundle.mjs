/** Bundles src/ with the JavaScript of the tfjs WASM backend's kernels. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * `stock-kernels` is a list of every kernel that tfjs-backend-wasm has. Its own list registers
 * them for the backend `wasm` as a side effect of being imported, which is not ours to do.
 */
const stockKernels = (stock) => ({
  name: 'stock-kernels',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^stock-kernels$/ }, ({ path }) => ({ path, namespace: 'stock' }));
    onLoad({ filter: /.*/, namespace: 'stock' }, () => {
      const folder = join(stock, 'dist/kernels');
      const configs = readdirSync(folder)
        .filter((name) => name.endsWith('.js'))
        .flatMap((name) =>
          [
            ...readFileSync(join(folder, name), 'utf8').matchAll(/^export const (\w+Config) =/gm),
          ].map(([, config]) => ({ name, config })),
        );
      const contents = [
        ...configs.map(({ name, config }) => `import { ${config} } from './${name}';`),
        `export const stockKernels = [${configs.map(({ config }) => config).join(', ')}];`,
      ].join('\n');
      return { contents, resolveDir: folder };
    });
  },
});

/** Returns the files to write: `{ path, contents }[]`. */
export async function bundle({ root, stock }) {
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
    plugins: [stockKernels(stock)],
    banner: {
      js: '// Contains parts of @tensorflow/tfjs-backend-wasm and @tensorflow/tfjs-backend-cpu, Copyright Google LLC, Apache-2.0.',
    },
    logLevel: 'warning',
  });
  return outputFiles;
}
