import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sh } from './shell.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PNPM = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).packageManager;

/** The packages that are published: `{ name, folder, manifest }`. */
export function publishedPackages(root = ROOT) {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return { name: manifest.name, folder, manifest };
    })
    .filter(({ manifest }) => !manifest.private);
}

export const pnpm = (args, options) => sh('npx', ['--yes', PNPM, ...args], options);

/** A copy of the repository, built as this one is, in which versions can be tried out. */
export async function copyWorkspace(target) {
  const files = (await sh('git', ['ls-files', '-z'], { cwd: ROOT })).split('\0').filter(Boolean);
  for (const file of files) {
    if (existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(target, file));
  }
  for (const { folder } of publishedPackages()) {
    const dist = join(folder, 'dist');
    cpSync(dist, join(target, folder.slice(ROOT.length), 'dist'), { recursive: true });
  }
  await sh('git', ['init', '-q', '-b', 'main'], { cwd: target });
  await commit(target, 'start');
  await pnpm(['install', '--frozen-lockfile', '--offline', '--silent'], { cwd: target });
}

export async function commit(folder, message) {
  const who = ['-c', 'user.name=check', '-c', 'user.email=check@localhost.invalid'];
  await sh('git', ['add', '-A'], { cwd: folder });
  await sh('git', [...who, 'commit', '-q', '--allow-empty', '-m', message], { cwd: folder });
}
