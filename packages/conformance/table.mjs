/**
 * `npm run table`: runs the comparisons and writes their worst errors into the guide.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const guide = join(root, 'docs/from-tensorflow.md');
const folder = mkdtempSync(join(tmpdir(), 'measured-'));
const { status } = spawnSync('npx', ['jest'], {
  cwd: join(root, 'packages/conformance'),
  env: { ...process.env, MEASURED: folder },
  stdio: 'inherit',
  shell: process.platform === 'win32',
});

const measured = new Map();
for (const file of readdirSync(folder)) {
  const errors = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const [quantity, { tolerance, worst }] of Object.entries(errors)) {
    measured.set(quantity, {
      tolerance,
      worst: Math.max(worst, measured.get(quantity)?.worst ?? 0),
    });
  }
}
rmSync(folder, { recursive: true });

const rounding = JSON.parse(
  readFileSync(join(root, 'reference/data/essay.json'), 'utf8'),
).tensorflowRounding;
const training = JSON.parse(readFileSync(join(root, 'reference/data/training.json'), 'utf8'));
const gradients = Object.entries(rounding).filter(([name]) => name.startsWith('gradient/'));
/** What TensorFlow's own float32 results differ by from its float64 results. */
const own = new Map([
  ['encode', rounding.code],
  ['decode', rounding.image],
  ['loss', rounding.loss],
  ['gradients', Math.max(...gradients.map(([, error]) => error))],
  ['loss at each of 200 steps, adam', training.adam.tensorflowRounding.loss],
  ['loss at each of 200 steps, sgd', training.sgd.tensorflowRounding.loss],
]);

const number = (value) => (value === undefined ? '' : value.toExponential(1));
const rows = [...measured]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(
    ([quantity, { tolerance, worst }]) =>
      `| ${quantity} | ${number(tolerance)} | ${number(worst)} | ${number(own.get(quantity))} |`,
  );
const table = [
  "| quantity | tolerance | worst error seen | TensorFlow's own rounding |",
  '|---|---|---|---|',
  ...rows,
].join('\n');
const text = readFileSync(guide, 'utf8');
const marked = /(<!-- measured -->\n)[\s\S]*?(<!-- \/measured -->)/;
writeFileSync(
  guide,
  text.replace(marked, (_, begin, end) => `${begin}${table}\n${end}`),
);
process.exitCode = status ?? 1;
