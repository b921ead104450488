/**
 * Runs the programs of src/, all or those that are named, one after the other.
 *
 *   npm run examples
 *   npm run examples -- denoising
 */
import { spawnSync } from 'node:child_process';
import { setup } from '../scripts/setup.mjs';
import { exampleNames, toJavaScript } from './to-javascript.mjs';

setup();
const named = process.argv.slice(2);
for (const name of named.length > 0 ? named : exampleNames()) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [toJavaScript(name)], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
