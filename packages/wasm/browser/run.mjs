/**
 * Runs the package in Chromium: in a page and in a worker, with and without cross-origin
 * isolation, bundled by Vite and not bundled; and the tests of the kernels.
 *
 *   node browser/run.mjs          prints one JSON object
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { requireChromium } from '../../../scripts/chromium.mjs';
import { buildKernelTests, buildPlain, buildWithVite } from './build.mjs';
import { serve } from './serve.mjs';

const folder = mkdtempSync(join(tmpdir(), 'ae-wasm-browser-'));
const [testFiles] = await Promise.all([
  buildKernelTests(join(folder, 'kernels')),
  buildWithVite(join(folder, 'vite')),
  buildPlain(join(folder, 'module')),
]);
const server = await serve(folder);
const browser = await chromium.launch({
  executablePath: requireChromium(),
  // Chromium's own sandbox does not start for root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: ['--disable-dev-shm-usage'],
});

/** Opens a page and calls one of its functions. */
async function call(path, name, argument) {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  try {
    await page.goto(`${server.address}/${path}/index.html`);
    await page.waitForFunction((wanted) => wanted in globalThis, name, { timeout: 10_000 });
    return await page.evaluate(([wanted, value]) => globalThis[wanted](value), [name, argument]);
  } catch (error) {
    return { error: [error.message, ...problems].join('\n') };
  } finally {
    await page.close();
  }
}

const report = { hosts: {}, kernels: {} };
try {
  for (const mode of ['plain', 'isolated']) {
    report.hosts[`${mode} page, Vite`] = await call(`${mode}/vite`, 'inPage');
    report.hosts[`${mode} worker, Vite`] = await call(`${mode}/vite`, 'inWorker');
    report.hosts[`${mode} page, no bundler`] = await call(`${mode}/module`, 'inPage');
  }
  report.hosts['four threads'] = await call('isolated/vite', 'inPage', { threads: 4 });
  report.hosts['no relaxed SIMD'] = await call('plain/vite', 'inPage', { relaxedSimd: false });
  report.hosts['files elsewhere'] = await call('plain/vite', 'inPage', {
    wasmPath: '../module/wasm/',
  });
  for (const name of testFiles) {
    report.kernels[`${name}, relaxed SIMD, threads`] = await call('isolated/kernels', 'runTests', {
      name,
      options: {},
    });
    report.kernels[`${name}, plain SIMD, one thread`] = await call('plain/kernels', 'runTests', {
      name,
      options: { relaxedSimd: false },
    });
  }
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify(report, null, 2));
