/**
 * Runs the tests of the stores in Chromium, over its own OPFS and IndexedDB.
 *
 *   node browser/run.mjs          prints one JSON object: what passed and what failed
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { requireChromium } from '../../../scripts/chromium.mjs';
import { withoutNode } from '../../wasm/browser/build.mjs';

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  entryPoints: ['stores.ts'],
  outdir: '.',
  write: false,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  conditions: ['@ae/source'],
  define: {
    process: '{"env":{},"stdout":{}}',
    global: 'globalThis',
    __dirname: '"/"',
    __filename: '"/"',
  },
  plugins: [withoutNode],
  logLevel: 'error',
});

const server = createServer(({ url }, response) => {
  const isScript = url === '/stores.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(
    isScript ? outputFiles[0].contents : '<script type="module" src="/stores.js"></script>',
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: requireChromium(),
  // Chromium's own sandbox does not start for root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-dev-shm-usage'],
});
try {
  const page = await browser.newPage();
  page.on('pageerror', ({ message }) => console.error(message));
  // The private file system is only there in a secure context: localhost is one.
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => 'runTests' in globalThis, undefined, { timeout: 20_000 });
  console.log(JSON.stringify(await page.evaluate(() => globalThis.runTests()), null, 2));
} finally {
  await browser.close();
  server.close();
}
