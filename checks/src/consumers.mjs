import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readmeExample, toModule, toScript } from './readme-example.mjs';
import { assert, check } from './report.mjs';
import { sh } from './shell.mjs';
import { pnpm } from './workspace.mjs';

const tsc = join(
  dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
  'bin/tsc',
);

/** An empty project whose packages come from the local registry. */
export function emptyProject(folder, registry) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '.npmrc'), registry.npmrc);
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true }\n');
}

/** Binaries of other Node versions: `[{ version, program }]`, this one first. */
export async function nodeVersions(folder, versions) {
  const found = [{ version: `${process.versions.node} (this one)`, program: process.execPath }];
  for (const version of versions) {
    const target = join(folder, `node-${version}`);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'package.json'), '{ "private": true }\n');
    const platform = `node-${process.platform}-${process.arch}`;
    await sh('npm', ['install', '--loglevel=error', `${platform}@${version}`], { cwd: target });
    found.push({ version, program: join(target, 'node_modules', platform, 'bin/node') });
  }
  return found;
}

/** Installs one package as its README says, alone, and runs the README's first example. */
export async function checkAlone({ name, folder }, { registry, work, nodes }) {
  const home = join(work, name.replace('/', '-'));
  let example;
  const installed = await check(`${name}: npm installs it`, async () => {
    example = readmeExample(folder);
    emptyProject(home, registry);
    await sh('npm', ['install', '--loglevel=error', ...example.installed], { cwd: home });
    return true;
  });
  if (!installed) return;
  writeFileSync(join(home, 'example.mts'), example.code);
  writeFileSync(join(home, 'example.mjs'), await toModule(example.code));
  writeFileSync(join(home, 'example.cjs'), await toScript(example.code));
  for (const { version, program } of nodes) {
    await check(`${name}: its example runs on Node ${version}, imported and required`, async () => {
      await sh(program, ['example.mjs'], { cwd: home });
      await sh(program, ['example.cjs'], { cwd: home });
    });
  }
  await check(`${name}: its types hold, found as bundlers and as Node find them`, () =>
    checkTypes(home, example.installed),
  );
  await check(`${name}: one copy of tfjs-core, and every dependency declared`, () =>
    checkTree(home, name),
  );
  await check(`${name}: pnpm installs it, and it is loaded`, async () => {
    const other = `${home}-pnpm`;
    emptyProject(other, registry);
    await pnpm(['add', '--silent', '--ignore-scripts', ...example.installed], { cwd: other });
    const load = `import(${JSON.stringify(name)}).then((m) => { if (Object.keys(m).length === 0) throw new Error('It exports nothing.'); })`;
    await sh(process.execPath, ['-e', load], { cwd: other });
  });
}

async function checkTypes(home, installed) {
  if (!existsSync(join(home, 'node_modules/@types/node'))) {
    await sh('npm', ['install', '--loglevel=error', '--no-save', '@types/node@20', ...installed], {
      cwd: home,
    });
  }
  for (const [module, moduleResolution] of [
    ['esnext', 'bundler'],
    ['node16', 'node16'],
  ]) {
    writeFileSync(
      join(home, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'es2022',
          lib: ['es2022', 'dom', 'esnext.disposable'],
          types: ['node'],
          module,
          moduleResolution,
          // tfjs's own declarations do not hold under every setting; ours must.
          skipLibCheck: true,
        },
        files: ['example.mts'],
      }),
    );
    await sh(process.execPath, [tsc, '-p', '.'], { cwd: home });
  }
}

async function checkTree(home, name) {
  const lock = JSON.parse(readFileSync(join(home, 'package-lock.json'), 'utf8'));
  const cores = Object.keys(lock.packages).filter((path) =>
    path.endsWith('node_modules/@tensorflow/tfjs-core'),
  );
  assert(cores.length <= 1, `There are ${cores.length} copies of tfjs-core: ${cores.join(', ')}`);
  const {
    dependencies = {},
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = lock.packages[`node_modules/${name}`];
  const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
  const used = importsOf(join(home, 'node_modules', name, 'dist'));
  const missing = [...used].filter((other) => other !== name && !declared.has(other));
  assert(missing.length === 0, `It imports what it does not declare: ${missing.join(', ')}`);
  const optional = new Set(
    Object.keys(peerDependenciesMeta).filter((peer) => peerDependenciesMeta[peer].optional),
  );
  const unused = [...declared].filter((other) => !used.has(other) && !optional.has(other));
  assert(unused.length === 0, `It declares what it does not import: ${unused.join(', ')}`);
}

/** The packages that the JavaScript and the declarations in a folder import. */
function importsOf(folder) {
  const found = new Set();
  for (const file of filesBelow(folder)) {
    if (!/\.(js|d\.ts)$/.test(file)) continue;
    const text = readFileSync(file, 'utf8');
    for (const [, specifier] of text.matchAll(
      /(?:from|import|require\(|import\()\s*['"]([^'".][^'"]*)['"]/g,
    )) {
      if (specifier.startsWith('node:') || specifier.startsWith('#')) continue;
      const [scope, rest] = specifier.split('/');
      found.add(scope.startsWith('@') ? `${scope}/${rest}` : scope);
    }
  }
  for (const builtin of builtinModules) {
    found.delete(builtin);
  }
  return found;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
