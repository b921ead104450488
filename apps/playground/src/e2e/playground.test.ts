import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { Host, Visit } from './host.js';

jest.setTimeout(300_000);

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

/** A visitor who was never here before. */
async function visit(options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await host.browser.newContext(options);
  const visitor = new Visit(await context.newPage());
  await visitor.page.goto(host.url);
  return visitor;
}

async function small(visitor: Visit): Promise<void> {
  await visitor.ready();
  await visitor.choice('Batch size').selectOption({ label: '16' });
  await visitor.rest();
}

test('learns, and shows what it learns', async () => {
  const visitor = await visit();
  const { page } = visitor;
  await visitor.ready();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const facts = await page.getByRole('list', { name: 'Backend' }).textContent();
  expect(facts).toMatch(/WebAssembly SIMD.*relaxed SIMD.*thread.*saved in this/);
  const reconstructions = page.getByRole('img', { name: 'Test images above' });
  const before = await visitor.pixels(reconstructions);
  await visitor.trainTo(150);
  expect(await visitor.figure('Validation loss')).toBeLessThan(0.04);
  expect(await visitor.figure('Images per second')).toBeGreaterThan(0);
  const after = await visitor.pixels(reconstructions);
  expect(after).not.toEqual(before);
  // Above are the originals, which stay.
  const columns = 10 * 30 - 2;
  expect(after.slice(0, 28 * columns)).toEqual(before.slice(0, 28 * columns));
  await expectLabel(visitor, /Loss after \d+ steps: training 0\.\d+, validation 0\.\d+\./);
  expect(await page.locator('.model tfoot').textContent()).toContain('583,649');

  // A place in the code space becomes an image; other places other images.
  const decoded = page.getByRole('img', { name: 'The image at the chosen point' });
  const middle = await visitor.pixels(decoded);
  await page.getByRole('application', { name: 'Code space' }).focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowRight');
  await page.waitForTimeout(500);
  expect(await visitor.pixels(decoded)).not.toEqual(middle);

  // A drawing gets a reconstruction and an error.
  const pad = page.getByRole('application', { name: 'Drawing area' });
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
  await page.getByText(/Error 0\.\d+: \d+ % of the test digits/).waitFor();
  expect(visitor.problems).toEqual([]);
  await page.context().close();
});

async function expectLabel(visitor: Visit, label: RegExp): Promise<void> {
  await visitor.page.getByRole('img', { name: label }).waitFor();
}

test('goes on exactly where it was when the tab was closed', async () => {
  const first = await visit();
  await small(first);
  await first.trainTo(60);
  const step = await first.figure('Step');
  // The same browser, another tab.
  const second = new Visit(await first.page.context().newPage());
  await first.page.close();
  await second.page.goto(host.url);
  await second.ready();
  expect(await second.figure('Step')).toBe(step);
  expect(
    await second
      .choice('Batch size')
      .evaluate((element) => (element as HTMLSelectElement).selectedOptions[0]!.label),
  ).toBe('16');
  for (let i = 0; i < 5; i++) await second.takeStep();
  const interrupted = await second.download();
  await second.page.context().close();

  const whole = await visit();
  await small(whole);
  // Well before, because training goes on while the click on Pause is under way.
  await whole.trainTo(step - 45);
  while ((await whole.figure('Step')) < step + 5) await whole.takeStep();
  expect(await whole.figure('Step')).toBe(step + 5);
  expect(Buffer.from(await whole.download()).equals(Buffer.from(interrupted))).toBe(true);
  expect([...first.problems, ...second.problems, ...whole.problems]).toEqual([]);
  await whole.page.context().close();
});

test('images of the visitor are reconstructed, and can be learnt', async () => {
  const visitor = await visit();
  const { page } = visitor;
  await visitor.ready();
  const files = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(60, 40);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 60, 40);
    context.fillStyle = '#000';
    context.fillRect(25, 5, 10, 30);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return Array.from(bytes);
  });
  const file = (name: string) => ({ name, mimeType: 'image/png', buffer: Buffer.from(files) });
  const input = page.getByLabel('Choose images, or drop them here');
  await input.setInputFiles([file('a.png'), file('b.png')]);
  await page.getByText(/Error 0\.\d+/).waitFor();
  await visitor.choice('Data').selectOption({ label: 'your 2 images' });
  await visitor.rest();
  await visitor.takeStep();
  expect(await visitor.figure('Epoch')).toBe(1);
  await input.setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no') });
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toContain('x.png is not an image');
  expect(visitor.problems).toEqual([]);
  await page.context().close();
});

describe('weights of the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ae-playground-'));
  const ae = (...args: string[]) => {
    const cli = join(__dirname, '../../../cli/dist/main.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  test('open here and give the same images, and the other way round', async () => {
    const run = join(folder, 'run');
    ae('train', '--steps', '20', '--out', run, '--json');
    const [checkpoint] = readdirSync(join(run, 'checkpoints'));
    const file = join(run, 'checkpoints', checkpoint!, 'weights.safetensors');

    const visitor = await visit();
    await visitor.ready();
    await visitor.page.getByLabel('Upload weights').setInputFiles(file);
    await visitor.page.getByText('14 variables were loaded.').waitFor();
    await visitor.rest();
    const shown = await visitor.pixels(
      visitor.page.getByRole('img', { name: 'Test images above' }),
    );
    const expected = await reconstructedDigits(readFileSync(file));
    const columns = 10 * 30 - 2;
    for (let digit = 0; digit < 10; digit++) {
      for (let y = 0; y < 28; y++) {
        for (let x = 0; x < 28; x++) {
          const seen = shown[(30 + y) * columns + digit * 30 + x]!;
          expect(Math.abs(seen - expected[(digit * 28 + y) * 28 + x]!)).toBeLessThanOrEqual(1);
        }
      }
    }
    // What the page gives back is the same file for the command line.
    const back = join(folder, 'back.safetensors');
    writeFileSync(back, await visitor.download());
    const evaluate = (path: string): number => {
      const lines = ae('evaluate', '--checkpoint', path, '--json').trim().split('\n');
      return (JSON.parse(lines.at(-1)!) as { loss: number }).loss;
    };
    expect(evaluate(back)).toBe(evaluate(run));
    expect(visitor.problems).toEqual([]);
    await visitor.page.context().close();
  });
});

/** What the model of a file makes of the first test image of each digit, computed here. */
async function reconstructedDigits(bytes: Uint8Array): Promise<number[]> {
  const script = join(__dirname, 'reconstruct-digits.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { input: bytes });
  if (status !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout)) as number[];
}

describe('when something is wrong', () => {
  const damaged: [string, Buffer, RegExp][] = [
    ['no safetensors at all', Buffer.from('not a model'), /safetensors|header|bytes/i],
    ['of another model', emptySafetensors(), /holds no auto-encoder/],
  ];

  test.each(damaged)(
    'an upload that is %s is refused, and the model stays',
    async (_, buffer, message) => {
      const visitor = await visit();
      await visitor.ready();
      const before = await visitor.download();
      await visitor.page
        .getByLabel('Upload weights')
        .setInputFiles({ name: 'x.safetensors', mimeType: 'application/octet-stream', buffer });
      expect(await visitor.page.getByRole('alert').textContent()).toMatch(message);
      await visitor.button('Close').click();
      await visitor.rest();
      expect(Buffer.from(await visitor.download()).equals(Buffer.from(before))).toBe(true);
      await visitor.page.context().close();
    },
  );

  test.each([
    ['has no WebAssembly SIMD', 'WebAssembly.validate = () => false;', /SIMD/],
    [
      'fails while it works',
      'setTimeout(() => { throw new Error("out of luck"); }, 1500);',
      /The training worker stopped: .*out of luck/,
    ],
  ])('a worker that %s is told of, and can be started again', async (_, prelude, message) => {
    const visitor = await visitWith(prelude);
    const alert = visitor.page.getByRole('alert');
    await alert.waitFor({ timeout: 60_000 });
    expect(await alert.textContent()).toMatch(message);
    await visitor.page.unrouteAll();
    await visitor.button('Start again').click();
    await visitor.ready();
    await visitor.page.context().close();
  });

  test('without storage it trains and says that nothing is kept', async () => {
    const visitor = await visitWith(`
      navigator.storage.getDirectory = () => Promise.reject(new Error('no private files'));
      indexedDB.open = () => { throw new Error('no database'); };
    `);
    await visitor.ready();
    expect(await visitor.page.getByRole('status').first().textContent()).toContain('keeps nothing');
    expect(await visitor.page.getByRole('list', { name: 'Backend' }).textContent()).toContain(
      'not saved',
    );
    await visitor.takeStep();
    expect(await visitor.figure('Step')).toBe(1);
    await visitor.page.context().close();
  });

  test('a full storage is told of, and training goes on', async () => {
    const visitor = await visitWith(`
      FileSystemFileHandle.prototype.createWritable = () =>
        Promise.reject(new DOMException('The quota has been exceeded.', 'QuotaExceededError'));
    `);
    await visitor.ready();
    await visitor.button('Step').click();
    const notice = visitor.page.locator('.notice');
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(/quota/i);
    await visitor.page.context().close();
  });

  test('data that cannot be loaded is told of', async () => {
    const context = await host.browser.newContext();
    await context.route('**/mnist/train-3.gz', (route) => route.abort());
    const visitor = new Visit(await context.newPage());
    await visitor.page.goto(host.url);
    const alert = visitor.page.getByRole('alert');
    await alert.waitFor({ timeout: 60_000 });
    expect(await alert.textContent()).toMatch(/train-3|fetch/);
    await context.close();
  });

  /** A visit in which the training worker runs `prelude` first. */
  async function visitWith(prelude: string): Promise<Visit> {
    const context = await host.browser.newContext();
    const visitor = new Visit(await context.newPage());
    await visitor.page.route('**/trainer.worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${prelude}\n${await response.text()}` });
    });
    await visitor.page.goto(host.url);
    return visitor;
  }
});

/** A valid file without tensors. */
function emptySafetensors(): Buffer {
  const header = Buffer.from('{}      ');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header]);
}
