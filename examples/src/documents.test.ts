import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { anchors, codeBlocks, documents, links, ROOT, target } from '../documents.mjs';

const files = documents();
// Inside of this package, from where every package can be imported.
const folder = join(ROOT, 'examples/dist/blocks');

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) {
    for (const { line, code } of codeBlocks(text)) {
      const file = `${name.replaceAll('/', '_')}_line_${line}.ts`;
      writeFileSync(join(folder, file), `${code}\nexport {};\n`);
    }
  }
});

/** What a program prints. */
function output(typescript: string): string {
  const { code } = transformSync(typescript, {
    loader: 'ts',
    target: 'es2022',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  const program = join(folder, 'program.mjs');
  writeFileSync(program, code);
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

test.each([
  ['bundler', 'esnext'],
  ['node16', 'node16'],
])('every TypeScript block passes the type check: %s', (moduleResolution, module) => {
  const config = join(folder, `tsconfig.${moduleResolution}.json`);
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'es2022',
    lib: ['ES2022', 'ESNext.Disposable', 'DOM', 'DOM.AsyncIterable'],
    types: ['node'],
    module,
    moduleResolution,
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const tsc = join(ROOT, 'examples/node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '--pretty', 'false', '-p', config], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

test('there are blocks to check in every README that has code', () => {
  const counts = new Map(files.map(({ name, text }) => [name, codeBlocks(text).length]));
  expect(counts.get('README.md')).toBe(1);
  for (const name of ['module', 'layer-dict', 'models', 'train', 'function', 'data', 'wasm']) {
    expect(counts.get(`packages/${name}/README.md`)).toBeGreaterThan(0);
  }
});

test('the example of the first page runs, with fewer digits', () => {
  const readme = files.find(({ name }) => name === 'README.md')!;
  const shortened = codeBlocks(readme.text)[0]!
    .code.replace('train.shuffle(0).batch', 'train.shuffle(0).take(640).batch')
    .replace('test.batch', 'test.take(100).batch');
  expect(shortened.match(/\.take\(/g)).toHaveLength(2);
  const stdout = output(shortened);
  const [, loss, paths] = /^([\d.]+) (\[[\s\S]*\])\n$/.exec(stdout) ?? [];
  expect(Number(loss)).toBeLessThan(0.1);
  const listed = [...readme.text.matchAll(/'((?:code|dec1|enc1)\/\w+)'/g)].map(([, path]) => path);
  expect(listed).toHaveLength(6);
  for (const path of listed) expect(paths).toContain(path);
});

test('the first program of the guides runs', () => {
  const start = files.find(({ name }) => name === 'docs/README.md')!;
  const losses: number[] = JSON.parse(output(codeBlocks(start.text)[0]!.code));
  expect(losses).toHaveLength(5);
  expect(losses[4]).toBeLessThan(losses[0]! / 10);
});

test('every link leads somewhere', () => {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const broken: string[] = [];
  for (const { name, text } of files) {
    for (const address of links(text)) {
      if (/^[a-z]+:/.test(address)) {
        if (!URL.canParse(address)) broken.push(`${name}: ${address}`);
        continue;
      }
      const [path = '', anchor] = address.split('#');
      const at = path === '' ? name : target(name, path);
      if (!existsSync(join(ROOT, at))) broken.push(`${name}: ${address}`);
      else if (anchor !== undefined && !anchors(texts.get(at) ?? '').includes(anchor)) {
        broken.push(`${name}: ${address}`);
      }
    }
  }
  expect(broken).toEqual([]);
});

test('links and anchors are read as GitHub does', () => {
  const text = '# A `b/c`: d\n\n# Twice\n\n# Twice\n\n[x](y.md#z) ![p](q.png) <a href="r">s</a>\n';
  expect(anchors(text)).toEqual(['a-bc-d', 'twice', 'twice-1']);
  expect(links(text)).toEqual(['y.md#z', 'q.png', 'r']);
});
