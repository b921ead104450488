import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MetricsLog } from './metrics-log.js';

let root = '';
let path = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ae-cli-'));
  path = join(root, 'metrics.jsonl');
});
afterEach(() => rmSync(root, { recursive: true }));

test('writes a line at once', async () => {
  const log = await MetricsLog.open(path, 0);
  log.add({ step: 1, epoch: 1, loss: 0.5 });
  log.add({ step: 1, epoch: 1, validationLoss: 0.25 });
  expect(readFileSync(path, 'utf8')).toBe(
    '{"step":1,"epoch":1,"loss":0.5}\n{"step":1,"epoch":1,"validationLoss":0.25}\n',
  );
  log[Symbol.dispose]();
});

test('goes on after the checkpoint: what came later is written again', async () => {
  const lines = [1, 2, 3, 4].map((step) => `{"step":${step},"epoch":1,"loss":${1 / step}}\n`);
  writeFileSync(path, `${lines.join('')}{"step":5,"ep`);
  const log = await MetricsLog.open(path, 2);
  expect(log.lines.map(({ step }) => step)).toEqual([1, 2]);
  log.add({ step: 3, epoch: 1, loss: 1 / 3 });
  log[Symbol.dispose]();
  expect(readFileSync(path, 'utf8')).toBe(lines.slice(0, 3).join(''));
});

test('a new run begins with an empty file', async () => {
  const log = await MetricsLog.open(path, 0);
  log[Symbol.dispose]();
  expect(readFileSync(path, 'utf8')).toBe('');
});
