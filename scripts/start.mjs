/** `npm start -- ARGS` is `ae ARGS`, set up first; without arguments it trains. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

setup();
const cli = fileURLToPath(new URL('../apps/cli/dist/main.js', import.meta.url));
const args = process.argv.slice(2);
const child = spawn(process.execPath, [cli, ...(args.length > 0 ? args : ['train'])], {
  stdio: 'inherit',
});
// Ctrl-C reaches the child by itself; this process only waits for how it ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  process.exitCode = signal === null ? code : 130;
});
