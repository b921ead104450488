import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Host, Visit } from './host.js';

jest.setTimeout(120_000);

let host: Host;
beforeAll(async () => {
  host = await Host.start();
});
afterAll(() => host.stop());

describe.each([390, 820, 1440])('%i pixels wide', (width) => {
  test.each(['light', 'dark'] as const)(
    '%s: accessible, and nothing sticks out',
    async (scheme) => {
      const context = await host.browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: scheme,
        // The tool that looks at the page comes from outside of it.
        bypassCSP: true,
      });
      const visitor = new Visit(await context.newPage());
      const { page } = visitor;
      await page.goto(host.url);
      await visitor.ready();
      await page.addScriptTag({ path: require.resolve('axe-core') });
      const found = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: typeof import('axe-core') };
        const { violations } = await axe.run();
        return violations.map(({ id, impact, nodes }) => `${impact} ${id} ${nodes[0]!.html}`);
      });
      expect(found.filter((text) => /^(serious|critical)/.test(text))).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      expect(visitor.problems).toEqual([]);
      await context.close();
    },
  );
});

test('nothing moves while the page loads and trains', async () => {
  const context = await host.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const visitor = new Visit(await context.newPage());
  await visitor.page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await visitor.page.goto(host.url);
  await visitor.ready();
  await visitor.trainTo(30);
  const moved = await visitor.page.evaluate(() =>
    (window as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0),
  );
  // What web.dev calls good is 0.1.
  expect(moved).toBeLessThan(0.1);
  await context.close();
});

test('the first load is small', () => {
  const assets = join(__dirname, '../../dist/assets');
  const kilobytes = (pattern: RegExp): number =>
    readdirSync(assets)
      .filter((name) => pattern.test(name))
      .reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length / 1000, 0);
  // The page itself: Preact, uPlot, this app.
  expect(kilobytes(/^index.*\.(js|css)$/)).toBeLessThan(50);
  // The worker: tfjs-core, tfjs-layers, the backend's kernels.
  expect(kilobytes(/^trainer\.worker.*\.js$/)).toBeLessThan(330);
  // One build of tfjs's module and one of our kernels are loaded; here are all of them.
  const largest = (pattern: RegExp): number =>
    Math.max(
      ...readdirSync(assets)
        .filter((name) => pattern.test(name))
        .map((name) => gzipSync(readFileSync(join(assets, name))).length / 1000),
    );
  expect(largest(/^tfjs-.*\.wasm$/)).toBeLessThan(160);
  expect(largest(/^kernels-.*\.wasm$/)).toBeLessThan(60);
  expect(statSync(join(assets, '../index.html')).size).toBeLessThan(3000);
});

test('on a host without the headers it trains on one thread, and says so', async () => {
  const context = await host.browser.newContext();
  const visitor = new Visit(await context.newPage());
  await visitor.page.route(host.url, async (route) => {
    const response = await route.fetch();
    const headers = Object.fromEntries(
      Object.entries(response.headers()).filter(([name]) => !name.startsWith('cross-origin')),
    );
    await route.fulfill({ response, headers });
  });
  await visitor.page.goto(host.url);
  await visitor.ready();
  const facts = visitor.page.getByRole('list', { name: 'Backend' });
  expect(await facts.textContent()).toContain('1 thread (page not cross-origin isolated)');
  await visitor.takeStep();
  expect(await visitor.figure('Step')).toBe(1);
  await context.close();
});

test('the page stays smooth while it trains', async () => {
  const context = await host.browser.newContext();
  const visitor = new Visit(await context.newPage());
  await visitor.page.goto(host.url);
  await visitor.ready();
  await visitor.button('Train').click();
  const longest = await visitor.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let blocked = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) blocked += duration;
        }).observe({ type: 'longtask' });
        setTimeout(() => resolve(blocked), 4000);
      }),
  );
  await visitor.button('Pause').click();
  // Work of 50 ms or more on the page's own thread, in four seconds.
  expect(longest).toBeLessThan(400);
  await context.close();
});
