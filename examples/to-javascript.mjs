import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** The programs, by the names of their files. */
export function exampleNames() {
  return readdirSync(join(folder, 'src'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
}

/** Takes the types away, which Node before 22.18 does not do by itself. Returns the path to run. */
export function toJavaScript(name) {
  const source = readFileSync(join(folder, 'src', `${name}.ts`), 'utf8');
  const { code } = transformSync(source, {
    loader: 'ts',
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const file = join(folder, 'dist', `${name}.mjs`);
  writeFileSync(file, code);
  return file;
}
