import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/**
 * Serves `folder` twice: under /plain/ as any server would, and under /isolated/ with the headers
 * that let a page share memory with its workers.
 *
 * @returns the address and a function that ends the server
 */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const [, mode, path = ''] = /^\/(plain|isolated)\/(.*)$/.exec(pathname) ?? [];
    const file = normalize(join(folder, path || 'index.html'));
    const contents =
      mode && file.startsWith(folder) ? await readFile(file).catch(() => undefined) : undefined;
    if (contents === undefined) {
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      ...(mode === 'isolated' && ISOLATION),
    });
    response.end(contents);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
