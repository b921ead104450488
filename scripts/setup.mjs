/**
 * Installs what the lock file names and builds every package; does nothing where
 * that was done already. Every command of the README starts with this.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** What a build reads, as in turbo.json. */
const SOURCES = [
  'src',
  'assembly',
  'scripts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

/** The folders of all packages, or of `target` and of those that it depends on. */
function packageFolders(target) {
  const manifests = new Map();
  const grouped = ['packages', 'apps'].flatMap((group) =>
    readdirSync(root + group).map((name) => join(group, name)),
  );
  for (const path of [...grouped, 'benchmarks']) {
    const folder = join(root, path);
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    manifests.set(manifest.name, { folder, manifest });
  }
  const chosen = new Set(target === undefined ? manifests.keys() : [target]);
  for (const name of chosen) {
    const { dependencies = {}, devDependencies = {} } = manifests.get(name).manifest;
    for (const other of Object.keys({ ...dependencies, ...devDependencies })) {
      if (manifests.has(other)) chosen.add(other);
    }
  }
  return [...chosen].sort().map((name) => manifests.get(name));
}

/** One number for all sources, or undefined where something is not built at all. */
function stateOfSources(target) {
  const hash = createHash('sha256').update(readFileSync(`${root}tsconfig.base.json`));
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else hash.update(path).update(readFileSync(path));
  };
  for (const { folder, manifest } of packageFolders(target)) {
    if (manifest.scripts?.build && !existsSync(join(folder, 'dist'))) return undefined;
    for (const source of SOURCES) add(join(folder, source));
  }
  return hash.digest('hex');
}

/** Turbo takes two seconds to find that there is nothing to do; this takes none. */
function build(target) {
  const marker = `${root}node_modules/.built${target === undefined ? '' : target.replace(/\W/g, '-')}`;
  const before = stateOfSources(target);
  if (before !== undefined && existsSync(marker) && readFileSync(marker, 'utf8') === before) return;
  console.error('Building what has changed ...');
  rmSync(marker, { force: true });
  const turbo = ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only'];
  if (target !== undefined) turbo.push(`--filter=${target}...`);
  if (pnpm(turbo, { quiet: true }) !== 0) process.exit(1);
  const after = stateOfSources(target);
  // A file that was changed meanwhile may not be in the build.
  if (after !== undefined && (before === undefined || before === after)) {
    writeFileSync(marker, after);
  }
}

/** @param target the package to build with all that it needs; all packages if left out */
export function setup(target) {
  checkNode();
  install();
  build(target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
