/** `npm test`: set-up, then every test of every package; arguments go to Jest. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setup } from './setup.mjs';

setup();
const root = fileURLToPath(new URL('..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'ae-test-'));
const report = join(scratch, 'report.json');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const args = [
  '--json',
  `--outputFile=${report}`,
  // Jest would leave one core free, which is half of a small machine.
  `--maxWorkers=${availableParallelism()}`,
  ...process.argv.slice(2),
];
const { status } = spawnSync(process.execPath, [jest, ...args], {
  cwd: root,
  // Jest's JSON goes to the file; what a person reads is on standard error.
  stdio: ['ignore', 'ignore', 'inherit'],
});
const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
  readFileSync(report, 'utf8'),
);
rmSync(scratch, { recursive: true });
console.log(`${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`);
process.exitCode = status ?? 1;
