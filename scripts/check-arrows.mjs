/**
 * Fails when a package depends on one that it must not know. Imports of packages that
 * package.json does not name fail by themselves: pnpm does not make them reachable.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Who may know whom, among the packages that are published. */
const ARROWS = {
  '@ae/random': [],
  '@ae/module': [],
  '@ae/wasm': [],
  '@ae/layers': [],
  '@ae/interop': ['@ae/module'],
  '@ae/function': ['@ae/random'],
  '@ae/data': ['@ae/random'],
  '@ae/layer-dict': ['@ae/module', '@ae/random'],
  '@ae/models': ['@ae/layer-dict', '@ae/module', '@ae/random'],
  '@ae/train': ['@ae/function', '@ae/module', '@ae/random'],
};

const problems = [];
for (const folder of readdirSync(join(root, 'packages'))) {
  const file = join(root, 'packages', folder, 'package.json');
  if (!existsSync(file)) continue;
  const {
    name,
    private: isPrivate,
    dependencies = {},
    peerDependencies = {},
  } = JSON.parse(readFileSync(file, 'utf8'));
  if (isPrivate) continue;
  const allowed = ARROWS[name];
  if (allowed === undefined) {
    problems.push(`${name} is not in the table of scripts/check-arrows.mjs`);
    continue;
  }
  for (const other of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (other.startsWith('@ae/') && !allowed.includes(other)) {
      problems.push(`${name} must not depend on ${other}`);
    }
  }
  if ('@tensorflow/tfjs-core' in dependencies) {
    problems.push(`${name} must have @tensorflow/tfjs-core as a peer: two copies do not mix`);
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
