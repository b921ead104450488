import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const own = join(__dirname, '..');

test('works with tfjs-core and nothing else installed', () => {
  const manifest = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
  expect(manifest.dependencies ?? {}).toEqual({});
  expect(Object.keys(manifest.peerDependencies)).toEqual(['@tensorflow/tfjs-core']);

  const project = mkdtempSync(join(tmpdir(), 'module-alone-'));
  try {
    const modules = join(project, 'node_modules');
    mkdirSync(join(modules, '@tensorflow'), { recursive: true });
    cpSync(join(own, 'package.json'), join(modules, '@ae/module/package.json'));
    cpSync(join(own, 'dist'), join(modules, '@ae/module/dist'), { recursive: true });
    const core = realpathSync(join(own, 'node_modules/@tensorflow/tfjs-core'));
    symlinkSync(core, join(modules, '@tensorflow/tfjs-core'));
    writeFileSync(
      join(project, 'main.mjs'),
      `import { Module } from '@ae/module';
       import * as module from '@ae/module';
       console.log(new Module().variables.length, Object.keys(module).length > 10);`,
    );
    const output = execFileSync(process.execPath, ['main.mjs'], { cwd: project, encoding: 'utf8' });
    expect(output).toBe('0 true\n');
  } finally {
    rmSync(project, { recursive: true });
  }
});
