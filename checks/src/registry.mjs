import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { sh } from './shell.mjs';

/** A registry of our own on this machine: ours are published to it, all else comes through it. */
export async function startRegistry(folder) {
  mkdirSync(folder, { recursive: true });
  const [port, upstream] = await Promise.all([
    freePort(),
    sh('npm', ['config', 'get', 'registry', '--loglevel=error']),
  ]);
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'config.yaml');
  writeFileSync(
    config,
    `storage: ./storage
uplinks:
  upstream:
    url: ${upstream.trim()}
    cache: true
    maxage: 60m
    timeout: 60s
packages:
  '@ae/*': { access: $all, publish: $anonymous }
  '**': { access: $all, proxy: upstream }
max_body_size: 100mb
log: { type: stdout, format: pretty, level: error }
`,
  );
  const manifest = createRequire(import.meta.url).resolve('verdaccio/package.json');
  const program = join(dirname(manifest), 'bin/verdaccio');
  const server = spawn(process.execPath, [program, '--config', config, '--listen', url], {
    cwd: folder,
    stdio: 'ignore',
  });
  await answering(`${url}/-/ping`, server);
  return {
    url,
    /** What npm and pnpm need to use it. */
    npmrc: `registry=${url}/\n//127.0.0.1:${port}/:_authToken=nobody\nloglevel=error\naudit=false\nfund=false\nupdate-notifier=false\n`,
    stop: () => server.kill(),
  };
}

async function answering(url, server) {
  for (let attempt = 0; attempt < 120; attempt++) {
    if (server.exitCode !== null) break;
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  server.kill();
  throw new Error('The local registry does not answer.');
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
