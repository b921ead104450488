/** `npm run playground`: set-up, then the page at the address that it prints. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

setup('@ae/playground');
const cwd = fileURLToPath(new URL('../apps/playground', import.meta.url));
const vite = dirname(createRequire(`${cwd}/`).resolve('vite/package.json'));
const args = [join(vite, 'bin/vite.js'), 'preview', ...process.argv.slice(2)];
const child = spawn(process.execPath, args, { cwd, stdio: 'inherit' });
process.on('SIGINT', () => {});
child.on('exit', (code) => {
  process.exitCode = code ?? 0;
});
