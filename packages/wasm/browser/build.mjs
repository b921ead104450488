import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { build as viteBuild } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The page of the test app as Vite makes it, into `folder`. */
export async function buildWithVite(folder) {
  await viteBuild({
    configFile: false,
    root: join(root, 'browser/app'),
    base: './',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, target: 'es2022' },
    worker: { format: 'es' },
  });
}

/** A page without any bundler, into `folder`: the built package as it is, found by an import map. */
export async function buildPlain(folder) {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'dist'), join(folder, 'wasm'), { recursive: true });
  await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents: `
        import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
        export * from '@tensorflow/tfjs-core';`,
      resolveDir: root,
    },
    outfile: join(folder, 'tfjs-core.js'),
    bundle: true,
    format: 'esm',
    logLevel: 'error',
  });
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['browser/app/check.ts'],
    outfile: join(folder, 'check.js'),
    bundle: true,
    format: 'esm',
    external: ['@tensorflow/tfjs-core', '../../dist/index.js'],
    logLevel: 'error',
  });
  const imports = {
    '@tensorflow/tfjs-core': './tfjs-core.js',
    '../../dist/index.js': './wasm/index.js',
  };
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">import { check } from './check.js'; globalThis.inPage = check;</script>
`,
  );
}

/**
 * A page for the tests of the kernels, into `folder`. It runs those of one file, as Jest gives each
 * file a world of its own.
 *
 * @returns the names of the files
 */
export async function buildKernelTests(folder) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(root, 'dist'))) {
    if (name.endsWith('.wasm')) cpSync(join(root, 'dist', name), join(folder, name));
  }
  const tests = ['kernels', 'conformance'].flatMap((group) =>
    readdirSync(join(root, 'src', group), { recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => `${group}/${name.replaceAll('\\', '/')}`)
      .sort(),
  );
  const files = tests.map((name) => `${JSON.stringify(name)}: () => import('../src/${name}'),`);
  await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents: [
        `import { useWasm } from '../dist/index.js';`,
        `import { file, run } from './jest-shim.js';`,
        `const files = { ${files.join('\n')} };`,
        `globalThis.runTests = async ({ name, options }) => {
          await useWasm(options);
          await file(name, files[name]);
          return run();
        };`,
      ].join('\n'),
      resolveDir: join(root, 'browser'),
      loader: 'ts',
    },
    outfile: join(folder, 'tests.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    define: {
      process: '{"env":{},"stdout":{}}',
      global: 'globalThis',
      __dirname: '"/"',
      __filename: '"/"',
    },
    logLevel: 'error',
    plugins: [withoutNode],
  });
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><script type="module" src="./tests.js"></script>\n',
  );
  return tests;
}

/** Jest's `expect` names Node's modules for what it does in Node only. */
export const withoutNode = {
  name: 'without-node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path }) =>
      isBuiltin(path) || path === 'graceful-fs' ? { path, namespace: 'nothing' } : undefined,
    );
    // Whatever is read from it, called or made of it is the same nothing again.
    const contents = `
      const nothing = new Proxy(function () {}, {
        get: (_, key) => (key === Symbol.toPrimitive ? () => '' : nothing),
        apply: () => nothing,
        construct: () => nothing,
      });
      module.exports = nothing;`;
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents }));
  },
};
