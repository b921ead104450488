import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

const ROOT = join(__dirname, '../..');
const START_MS = 60_000;

/** The built page, served as `npm run playground` serves it, and a browser to open it with. */
export class Host {
  private constructor(
    private readonly server: ChildProcess,
    readonly browser: Browser,
    readonly url: string,
  ) {}

  static async start(): Promise<Host> {
    const found = spawnSync(process.execPath, [join(ROOT, '../../scripts/chromium.mjs')], {
      encoding: 'utf8',
    });
    if (found.status !== 0) throw new Error(found.stderr);
    const vite = join(dirname(require.resolve('vite/package.json')), 'bin/vite.js');
    const server = spawn(
      process.execPath,
      [vite, 'preview', '--port', '0', '--host', '127.0.0.1'],
      {
        cwd: ROOT,
        env: { ...process.env, NO_COLOR: '1' },
      },
    );
    const url = await addressOf(server);
    const browser = await chromium.launch({
      executablePath: found.stdout.trim(),
      args: ['--no-sandbox'],
    });
    return new Host(server, browser, url);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.kill();
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`No address in: ${output}`)), START_MS);
    const read = (text: Buffer): void => {
      output += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(output);
      if (address === null) return;
      clearTimeout(timer);
      resolve(address[0]);
    };
    server.stdout!.on('data', read);
    server.stderr!.on('data', read);
    server.on('exit', (code) => reject(new Error(`The server ended (${code}): ${output}`)));
  });
}

/** One visit to the page, with what went wrong in it. */
export class Visit {
  readonly problems: string[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.problems.push(message.text());
      }
    });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  choice(label: string): Locator {
    return this.page.getByRole('combobox', { name: label });
  }

  /** Waits until the page has its data and model. */
  async ready(): Promise<void> {
    await this.page.locator('main:not([inert])').waitFor({ timeout: START_MS });
    await this.button('Step').and(this.page.locator(':enabled')).waitFor({ timeout: START_MS });
  }

  async figure(name: string): Promise<number> {
    const text = await this.page
      .locator('.stats div', { hasText: name })
      .locator('dd')
      .textContent();
    return Number(text!.replaceAll(',', ''));
  }

  /** Trains until at least this step was taken, and rests. */
  async trainTo(step: number): Promise<void> {
    const from = await this.figure('Step');
    if (from >= step) return;
    await this.button(from === 0 ? 'Train' : 'Continue').click();
    await this.page.waitForFunction(
      (wanted) =>
        Number(document.querySelector('.stats dd')!.textContent!.replaceAll(',', '')) >= wanted,
      step,
      { timeout: 120_000, polling: 50 },
    );
    await this.button('Pause').click();
    await this.rest();
  }

  async rest(): Promise<void> {
    await this.button('Step').and(this.page.locator(':enabled')).waitFor({ timeout: START_MS });
  }

  async takeStep(): Promise<void> {
    const before = await this.figure('Step');
    await this.button('Step').click();
    await this.page.waitForFunction(
      (old) => Number(document.querySelector('.stats dd')!.textContent!.replaceAll(',', '')) > old,
      before,
      { timeout: START_MS, polling: 20 },
    );
    await this.rest();
  }

  /** The weights as the page gives them. */
  async download(): Promise<Uint8Array> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.button('Download weights').click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    await this.rest();
    return new Uint8Array(Buffer.concat(chunks));
  }

  /** The gray values that a canvas shows. */
  async pixels(canvas: Locator): Promise<number[]> {
    return canvas.evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      // A copy, since reading the page's own canvas would change how the browser keeps it.
      const context = new OffscreenCanvas(width, height).getContext('2d')!;
      context.drawImage(element as HTMLCanvasElement, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, at) => data[at * 4]!);
    });
  }
}
