/**
 * Does with the packages what their users and maintainers do: releases them to a registry on this
 * machine, installs each alone from there, runs and type-checks its README's first example on
 * several versions of Node, bundles a page with three bundlers and trains in it.
 *
 *   npm run check:packages
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBundlers } from './bundlers.mjs';
import { checkAlone, nodeVersions } from './consumers.mjs';
import { checkLicences } from './licences.mjs';
import { startRegistry } from './registry.mjs';
import { checkFirstRelease, checkPatchRelease } from './release.mjs';
import { check, finish, section } from './report.mjs';
import { sh } from './shell.mjs';
import { checkSizes } from './sizes.mjs';
import { copyWorkspace, publishedPackages, ROOT } from './workspace.mjs';

const OTHER_NODES = ['22', '24'];

const work = mkdtempSync(join(tmpdir(), 'ae-packages-'));
const only = process.argv.slice(2);
const wanted = (name) => only.length === 0 || only.includes(name);
let registry;
try {
  const packages = publishedPackages();
  if (wanted('static')) {
    section('Packages as they are');
    await checkSizes(packages);
    await check('licences of what comes with them', checkLicences);
    for (const { name, folder } of packages) {
      await check(`${name}: are the types right?`, () =>
        sh(
          'npx',
          ['--no-install', 'attw', '--pack', folder, '--profile', 'esm-only', '--format', 'ascii'],
          {
            cwd: join(ROOT, 'checks'),
          },
        ),
      );
    }
  }
  section('First release, to a local registry');
  const copy = join(work, 'workspace');
  mkdirSync(copy);
  registry = await startRegistry(join(work, 'registry'));
  await copyWorkspace(copy);
  await checkFirstRelease({ copy, registry });
  if (wanted('alone')) {
    section('Each package alone');
    const nodes = await nodeVersions(work, OTHER_NODES);
    for (const one of packages) await checkAlone(one, { registry, work, nodes });
  }
  if (wanted('bundlers')) {
    section('Bundlers and Chromium');
    await checkBundlers({ registry, work });
  }
  if (wanted('release')) {
    section('A patch release');
    await checkPatchRelease({ copy, registry, work });
  }
} finally {
  registry?.stop();
  rmSync(work, { recursive: true, force: true });
}
finish();
