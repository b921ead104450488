import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const GUIDE = join(ROOT, 'docs/from-tensorflow.md');
const SNIPPET = /<!-- snippet (.+?) -->\n```(\w+)\n([\s\S]*?)```/g;

const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * The block that begins with `start`: its first line, the lines further in, and
 * the closing bracket. The rule fits Python and TypeScript alike.
 */
function block(lines: readonly string[], start: string): string[] {
  const first = lines.findIndex((line) => line.trimStart().startsWith(start));
  if (first < 0) throw new Error(`no line begins with "${start}"`);
  const indent = indentOf(lines[first]!);
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && indentOf(line) <= indent);
  const length = end < 0 ? rest.length : end + (/^\s*[})\]]/.test(rest[end]!) ? 1 : 0);
  const found = [lines[first]!, ...rest.slice(0, length)];
  while (found.at(-1)?.trim() === '') found.pop();
  return found.map((line) => line.slice(indent));
}

/** `reference/essay.py > class LazyAutoEncoder > def encode`: blocks within blocks of a file. */
function extract(source: string): string {
  const [file = '', ...starts] = source.split(' > ');
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return starts.reduce((within: string[], start) => block(within, start), lines).join('\n');
}

test('every snippet of the guide is what runs', () => {
  const guide = readFileSync(GUIDE, 'utf8');
  const fresh = guide.replace(
    SNIPPET,
    (_, source: string, language: string) =>
      `<!-- snippet ${source} -->\n\`\`\`${language}\n${extract(source)}\n\`\`\``,
  );
  if (process.env.WRITE_DOCS !== undefined) writeFileSync(GUIDE, fresh);
  expect(readFileSync(GUIDE, 'utf8')).toBe(fresh);
  // Code outside of snippets would be code that nobody runs; only shell commands may stand there.
  const others = fresh.replace(SNIPPET, '').match(/```(?!sh\n)\w+\n/g);
  expect(others).toBeNull();
});

test('every file that the guide links to is there', () => {
  const links = readFileSync(GUIDE, 'utf8').matchAll(/\]\((\.\.?\/[^)#]+)/g);
  for (const [, link] of links)
    expect([link, existsSync(join(ROOT, 'docs', link!))]).toEqual([link, true]);
});
