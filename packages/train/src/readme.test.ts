import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from '@swc/core';

const PACKAGE = join(__dirname, '..');

test('the examples of the README run in plain Node', async () => {
  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!);
  const imports = (code: string): string => (code.match(/^import .*$/gm) ?? []).join('\n');
  const bodies = blocks.map((code) => code.replace(/^import .*$/gm, ''));
  // The second example builds on the first.
  const [first, second] = bodies;
  const source = `${imports(blocks[0]!)}\n${first}\n{ ${second} }`.replace(
    "import { adam, earlyStopping, fit } from '@ae/train'",
    "import { adam, cosine, earlyStopping, fit, Mean, valueAndGradients } from '@ae/train'",
  );
  const { code } = await transform(source, {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  // Inside of the package, so that Node finds what the example imports.
  const folder = await mkdtemp(join(PACKAGE, '.readme-'));
  try {
    await writeFile(join(folder, 'example.mjs'), code);
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['example.mjs'], { cwd: folder });
    const [epochs, loss] = stdout.split('\n')[0]!.split(' ').map(Number);
    expect(epochs).toBeLessThanOrEqual(8);
    expect(loss).toBeLessThan(0.05);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
