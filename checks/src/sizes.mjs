import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { assert, check } from './report.mjs';

/**
 * Kilobytes, minified and compressed, of everything a package exports, without its peers and
 * without other packages of ours; each a little above what it was when the line was written.
 */
const BUDGETS = {
  // Philox, folding of seeds, permutations.
  '@ae/random': 4,
  // Reflection, state dicts, summaries, errors that teach.
  '@ae/module': 14,
  '@ae/layer-dict': 12,
  '@ae/models': 3,
  // The loop, optimizers, checkpoints, safetensors, TensorBoard.
  '@ae/train': 32,
  '@ae/function': 16,
  '@ae/data': 12,
  '@ae/layers': 14,
  // Without h5wasm, which is loaded when a Keras file is.
  '@ae/interop': 14,
  // tfjs's kernels (a private copy) and ours; the .wasm files are not in it.
  '@ae/wasm': 110,
};

/** @param packages `{ name, folder }` with a built `dist/` */
export async function checkSizes(packages) {
  for (const { name, folder, manifest } of packages) {
    await check(`${name}: within its budget`, async () => {
      const budget = BUDGETS[name];
      assert(budget !== undefined, 'It has no budget in checks/src/sizes.mjs.');
      const { dependencies = {}, peerDependencies = {} } = manifest;
      const { outputFiles } = await build({
        absWorkingDir: folder,
        entryPoints: ['dist/index.js'],
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        write: false,
        logLevel: 'silent',
        external: [...Object.keys(dependencies), ...Object.keys(peerDependencies)],
      });
      const size = gzipSync(outputFiles[0].contents).length / 1000;
      assert(size <= budget, `${size.toFixed(1)} kB instead of at most ${budget} kB.`);
    });
  }
}
