import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SKIPPED = new Set(['node_modules', 'dist', 'site', 'runs', 'coverage']);

/** Every Markdown file of the repository: its path from the root, and its text. */
export function documents(folder = ROOT) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    const hidden = entry.name.startsWith('.') && !['.github', '.changeset'].includes(entry.name);
    if (entry.isDirectory()) return hidden || SKIPPED.has(entry.name) ? [] : documents(path);
    if (!entry.name.endsWith('.md')) return [];
    const name = relative(ROOT, path).split(sep).join('/');
    return [{ name, text: readFileSync(path, 'utf8') }];
  });
}

/**
 * The TypeScript blocks of a text. What a reader need not see, such as the declaration of a variable
 * that a fragment uses, stands right above the block in a comment that begins with `<!-- given`.
 * Blocks after `<!-- snippet` are cut out of files that are checked where they stand.
 */
export function codeBlocks(text) {
  const pattern = /(?:<!-- (given|snippet)((?:(?!-->)[\s\S])*)-->\n+)?```ts\n([\s\S]*?)^```/gm;
  return [...text.matchAll(pattern)]
    .filter(([, kind]) => kind !== 'snippet')
    .map(({ 2: given = '', 3: code, index }) => ({
      line: text.slice(0, index).split('\n').length,
      code: `${given.trim()}\n${code}`,
    }));
}

const markdown = new MarkdownIt({ html: true });

/** The addresses that a text links to, those of pictures and of HTML included. */
export function links(text) {
  const found = [];
  const visit = (tokens) => {
    for (const token of tokens) {
      const address = token.attrGet('href') ?? token.attrGet('src');
      if (address !== null) found.push(decodeURI(address));
      if (token.type.startsWith('html_')) {
        for (const [, html] of token.content.matchAll(/\b(?:href|src)="(.*?)"/g)) found.push(html);
      }
      visit(token.children ?? []);
    }
  };
  visit(markdown.parse(text, {}));
  return found;
}

/** The anchors of the headings of a text, as GitHub makes them. */
export function anchors(text) {
  const seen = new Map();
  const tokens = markdown.parse(text, {});
  return tokens
    .filter((_, index) => tokens[index - 1]?.type === 'heading_open')
    .map((heading) => {
      const shown = heading.children
        .filter(({ type }) => type === 'text' || type === 'code_inline')
        .map(({ content }) => content)
        .join('');
      const slug = shown
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    });
}

/** The path from the root that a link in the file `name` leads to. */
export function target(name, address) {
  return join(dirname(name), address).split(sep).join('/').replace(/\/$/, '');
}
