/**
 * How fast the page trains beside the command line: the default model, batch 32, the same
 * threads, in turn. Prints images per second of both, and the ratio.
 *
 *   node scripts/throughput.mjs [rounds]
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { requireChromium } from '../../../scripts/chromium.mjs';

const PORT = 4747;
const WARM_UP_MS = 2000;
const MEASURED_MS = 10_000;

const folder = fileURLToPath(new URL('..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ae-throughput-'));

function inNode(round) {
  const cli = join(folder, '../cli/dist/main.js');
  const out = join(work, String(round));
  const args = ['train', '--model', 'lazy-auto-encoder', '--steps', '500', '--json', '--out', out];
  const { stdout } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return JSON.parse(stdout.trim().split('\n').at(-1)).imagesPerSecond;
}

async function inPage(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://localhost:${PORT}/`);
  await page.getByRole('button', { name: 'Train' }).click();
  const steps = async () =>
    Number((await page.locator('.stats dd').first().textContent()).replaceAll(',', ''));
  await page.waitForTimeout(WARM_UP_MS);
  const [before, start] = [await steps(), performance.now()];
  await page.waitForTimeout(MEASURED_MS);
  const rate = ((await steps()) - before) * 32 * (1000 / (performance.now() - start));
  await context.close();
  return rate;
}

const vite = join(
  dirname(createRequire(import.meta.url).resolve('vite/package.json')),
  'bin/vite.js',
);
const server = spawn(process.execPath, [vite, 'preview', '--port', String(PORT), '--strictPort'], {
  cwd: folder,
  stdio: 'ignore',
});
const browser = await chromium.launch({
  executablePath: requireChromium(),
  args: ['--no-sandbox'],
});
const totals = { node: 0, page: 0 };
for (let round = 0; round < Number(process.argv[2] ?? 2); round++) {
  const node = inNode(round);
  const page = await inPage(browser);
  totals.node += node;
  totals.page += page;
  console.log(`Node ${Math.round(node)}, page ${Math.round(page)} images/s`);
}
console.log(`the page reaches ${(totals.page / totals.node).toFixed(2)} of Node`);
await browser.close();
server.kill();
rmSync(work, { recursive: true });
