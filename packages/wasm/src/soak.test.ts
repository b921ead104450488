import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

test('10,000 training steps leave heap and tensors as they were', () => {
  const output = execFileSync(process.execPath, [join(__dirname, 'testing/soak.mjs')], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  const { early, late, before, after } = JSON.parse(output);
  expect(late).toEqual(early);
  expect(after).toBeLessThan(before / 2);
}, 110_000);
