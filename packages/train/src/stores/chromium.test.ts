import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const run = (script: string) =>
  spawnSync(process.execPath, [join(__dirname, script)], { encoding: 'utf8', timeout: 300_000 });

const hasChromium = run('../../../../scripts/chromium.mjs').status === 0;
// A machine without Chromium still runs every other test.
const inChromium = hasChromium ? test : test.skip;

inChromium(
  'OPFS and IndexedDB of a real browser pass the tests of the stores',
  () => {
    const { stdout, stderr, status } = run('../../browser/run.mjs');
    if (status !== 0) throw new Error(stderr);
    const report = JSON.parse(stdout) as { passed: string[]; failed: unknown[] };
    expect(report.failed).toEqual([]);
    expect(report.passed).toHaveLength(20);
  },
  300_000,
);
