import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

// A longer run: node scripts/kill.mjs --kills 1000
test('killed at random moments, a run still ends with the same bytes', async () => {
  const script = join(__dirname, '../scripts/kill.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--kills', '5']);
  expect(stdout).toMatch(/^killed 5 times .* the end is the same to the byte\n$/);
}, 120_000);
