import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build as esbuild } from 'esbuild';
import { chromium } from 'playwright-core';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { requireChromium } from '../../scripts/chromium.mjs';
import { emptyProject } from './consumers.mjs';
import { assert, check } from './report.mjs';
import { sh } from './shell.mjs';

const APP = fileURLToPath(new URL('../app/main.js', import.meta.url));
const PACKAGES = ['@ae/data', '@ae/models', '@ae/train', '@ae/wasm'];

/** A sentence of tfjs-core's; it stands once in a bundle with one copy of it. */
const MARK_OF_CORE = 'Backend name cannot be';

const BUNDLERS = {
  async vite(home, outDir) {
    await vite({
      root: home,
      logLevel: 'error',
      base: './',
      build: { outDir, emptyOutDir: true, target: 'es2022' },
    });
  },
  async webpack(home, path) {
    const stats = await promisify(webpack)({
      mode: 'production',
      context: home,
      entry: './main.js',
      output: { path, filename: 'main.js' },
      performance: { hints: false },
    });
    assert(!stats.hasErrors(), stats.toString({ all: false, errors: true }));
    writeFileSync(join(path, 'index.html'), '<script type="module" src="main.js"></script>');
  },
  async esbuild(home, outdir) {
    await esbuild({
      absWorkingDir: home,
      entryPoints: ['main.js'],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      minify: true,
      outdir,
      logLevel: 'silent',
    });
    // esbuild leaves `new URL(..., import.meta.url)` as it is: the files go beside the bundle.
    const dist = join(home, 'node_modules/@ae/wasm/dist');
    for (const file of readdirSync(dist)) {
      if (/\.wasm$/.test(file)) cpSync(join(dist, file), join(outdir, file));
    }
    writeFileSync(join(outdir, 'index.html'), '<script type="module" src="main.js"></script>');
  },
};

/** Bundles a page with each bundler and trains in it, in Chromium. */
export async function checkBundlers({ registry, work }) {
  const home = join(work, 'page');
  emptyProject(home, registry);
  await sh('npm', ['install', '--loglevel=error', ...PACKAGES], { cwd: home });
  cpSync(APP, join(home, 'main.js'));
  writeFileSync(join(home, 'index.html'), '<script type="module" src="./main.js"></script>');
  const browser = await chromium.launch({
    executablePath: requireChromium(),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--disable-dev-shm-usage'],
  });
  const losses = new Map();
  try {
    for (const [name, build] of Object.entries(BUNDLERS)) {
      await check(`${name}: a page that trains on @ae/wasm`, async () => {
        const out = join(work, `page-${name}`);
        mkdirSync(out, { recursive: true });
        await build(home, out);
        checkScripts(out);
        const plain = await trainIn(browser, out, false);
        assert(plain.info.threads === 1, `${plain.info.threads} threads without isolation`);
        const isolated = await trainIn(browser, out, true);
        assert(isolated.info.relaxedSimd, 'No relaxed SIMD.');
        assert(
          isolated.losses.join() === plain.losses.join(),
          `Threads change the losses: ${plain.losses} and ${isolated.losses}`,
        );
        assert(plain.losses[2] < plain.losses[0], `It does not learn: ${plain.losses}`);
        losses.set(name, plain.losses.join());
      });
    }
    await check('every bundle computes the same', () => {
      assert(new Set(losses.values()).size === 1, JSON.stringify([...losses]));
    });
  } finally {
    await browser.close();
  }
}

function checkScripts(folder) {
  const scripts = readdirSync(folder, { recursive: true }).filter((file) => /\.m?js$/.test(file));
  const text = scripts.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const cores = text.split(MARK_OF_CORE).length - 1;
  assert(cores <= 1, `There are ${cores} copies of tfjs-core in the bundle.`);
  const nodeImport = /(?:from|import\(|require\()\s*["'](?:node:[\w/]+|fs|path|os|crypto)["']/.exec(
    text,
  );
  assert(nodeImport === null, `The bundle imports a module of Node: ${nodeImport?.[0]}`);
}

async function trainIn(browser, folder, isolated) {
  const server = createServer((request, response) =>
    serveFile(folder, isolated, request, response),
  );
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/index.html`);
    await page.waitForFunction(() => 'train' in globalThis, undefined, { timeout: 30_000 });
    const result = await page.evaluate(() => globalThis.train());
    assert(problems.length === 0, problems.join('\n'));
    return result;
  } catch (error) {
    throw new Error([error.message, ...problems].join('\n'));
  } finally {
    await page.close();
    server.close();
  }
}

const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

function serveFile(folder, isolated, request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const file = join(folder, normalize(pathname));
  if (!existsSync(file) || !statSync(file).isFile()) {
    // A page asks for an icon by itself.
    response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    ...(isolated && {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    }),
  });
  createReadStream(file).pipe(response);
}
