import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';

/** The first example of a package's README, and what it says to install for it. */
export function readmeExample(folder) {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  const code = /^```ts\n([\s\S]*?)^```/m.exec(text)?.[1];
  const shell = /^```sh\n([\s\S]*?)^```/m.exec(text)?.[1];
  if (code === undefined || shell === undefined) {
    throw new Error('The README needs an ```sh block that installs and a ```ts block to run.');
  }
  const installed = shell
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line.startsWith('npm install '))
    .flatMap((line) => line.split(/\s+/).slice(2));
  if (installed.length === 0) throw new Error('The ```sh block of the README installs nothing.');
  return { code, installed };
}

/** The example as a JavaScript module. */
export async function toModule(code) {
  const { code: javascript } = await transform(code, {
    loader: 'ts',
    format: 'esm',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return javascript;
}

/** The example as a CommonJS script: what is imported is required. */
export async function toScript(code) {
  const javascript = await toModule(code);
  const required = javascript
    .replace(/^import \* as (\w+) from (".*?");?$/gm, 'const $1 = require($2);')
    .replace(
      /^import (\{[\s\S]*?\}) from (".*?");?$/gm,
      (_, names, from) => `const ${names.replaceAll(' as ', ': ')} = require(${from});`,
    )
    .replace(/^import (".*?");?$/gm, 'require($1);');
  return `(async () => {\n${required}\n})().catch((error) => {\n  console.error(error);\n  process.exit(1);\n});\n`;
}
