import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyProject } from './consumers.mjs';
import { assert, check } from './report.mjs';
import { sh } from './shell.mjs';
import { commit, pnpm, publishedPackages } from './workspace.mjs';

const versionsIn = (copy) =>
  new Map(publishedPackages(copy).map(({ name, manifest }) => [name, manifest.version]));

const version = (copy) => pnpm(['exec', 'changeset', 'version'], { cwd: copy });

async function publish(copy, registry) {
  writeFileSync(join(copy, '.npmrc'), registry.npmrc);
  await pnpm(
    ['-r', 'publish', '--no-git-checks', '--access', 'public', '--registry', registry.url],
    {
      cwd: copy,
    },
  );
}

/** The first release: versions, changelogs, and all packages in the registry. */
export async function checkFirstRelease({ copy, registry }) {
  await check('changesets make versions and changelogs', async () => {
    const before = versionsIn(copy);
    await version(copy);
    const after = versionsIn(copy);
    for (const { name, folder, manifest } of publishedPackages(copy)) {
      assert(before.get(name) !== after.get(name), `${name} stays at ${manifest.version}.`);
      const changelog = join(folder, 'CHANGELOG.md');
      assert(existsSync(changelog), `${name} has no changelog.`);
      const text = readFileSync(changelog, 'utf8');
      assert(
        text.includes(`## ${manifest.version}`),
        `${name}: no ${manifest.version} in its changelog.`,
      );
    }
    await commit(copy, 'release');
  });
  await check('all packages are published', () => publish(copy, registry));
  await check('ranges between packages follow the versions', async () => {
    const versions = versionsIn(copy);
    for (const name of versions.keys()) {
      const { dependencies = {} } = JSON.parse(
        await sh('npm', [
          'view',
          name,
          'dependencies',
          '--json',
          '--registry',
          registry.url,
          '--loglevel=error',
        ]).then((text) => `{ "dependencies": ${text.trim() || '{}'} }`),
      );
      for (const [other, range] of Object.entries(dependencies)) {
        if (!versions.has(other)) continue;
        assert(range === `^${versions.get(other)}`, `${name} wants ${other} ${range}.`);
      }
    }
  });
}

/** A patch of one package: only that one and who must follow it change, and users get it. */
export async function checkPatchRelease({ copy, registry, work }) {
  const patched = '@ae/random';
  const home = join(work, 'upgrade');
  await check(`a patch of ${patched} reaches who has it installed`, async () => {
    emptyProject(home, registry);
    await sh('npm', ['install', '--loglevel=error', '@ae/data', '@ae/module'], { cwd: home });
    const before = versionsIn(copy);
    writeFileSync(
      join(copy, '.changeset/rehearsal.md'),
      `---\n'${patched}': patch\n---\n\nA change for the rehearsal.\n`,
    );
    await version(copy);
    const after = versionsIn(copy);
    const [major, minor, patch] = before.get(patched).split('.').map(Number);
    assert(
      after.get(patched) === `${major}.${minor}.${patch + 1}`,
      `${patched}: ${after.get(patched)}`,
    );
    assert(after.get('@ae/module') === before.get('@ae/module'), '@ae/module changed as well.');
    await commit(copy, 'patch');
    await publish(copy, registry);
    await sh('npm', ['update', '--loglevel=error'], { cwd: home });
    const installed = (name) =>
      JSON.parse(readFileSync(join(home, 'node_modules', name, 'package.json'), 'utf8')).version;
    assert(
      installed(patched) === after.get(patched),
      `${patched} ${installed(patched)} is installed.`,
    );
    await sh(
      process.execPath,
      ['-e', "import('@ae/data').then(({ fromArrays }) => fromArrays({ x: [1] }))"],
      {
        cwd: home,
      },
    );
  });
}
