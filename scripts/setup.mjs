/**
 * Installs what the lock file names and builds every package; does nothing where
 * that was done already. Every command of the README starts with this.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pnpm } from './pnpm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const marker = `${root}node_modules/.installed-lockfile`;
const oldest = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  console.error(`This needs Node ${oldest.join('.')} or newer; this is ${process.version}.`);
  process.exit(2);
}

function install() {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'];
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(root + file));
  const wanted = hash.digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.error('Installing (once) ...');
  if (pnpm(['install', '--frozen-lockfile'], { quiet: true }) !== 0) process.exit(1);
  writeFileSync(marker, wanted);
}

function build() {
  console.error('Building what has changed ...');
  const turbo = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'];
  if (pnpm(turbo, { quiet: true }) !== 0) process.exit(1);
}

export function setup() {
  checkNode();
  install();
  build();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
