import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import '@tensorflow/tfjs-layers';
import type { Check } from '../browser/app/check.js';
import { check } from '../browser/app/check.js';
import type { Report } from '../browser/jest-shim.js';

type Outcome<Value> = Value & { error?: string };

const run = (script: string) =>
  spawnSync(process.execPath, [join(__dirname, script)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: 600_000,
  });

const found = run('../../../scripts/chromium.mjs').status === 0;
// A machine without Chromium still runs every other test.
const inChromium = found ? describe : describe.skip;

inChromium('in Chromium', () => {
  let hosts: Record<string, Outcome<Check>>;
  let kernels: Record<string, Outcome<Report>>;

  beforeAll(() => {
    const { stdout, stderr, status } = run('../browser/run.mjs');
    if (status !== 0) throw new Error(stderr);
    ({ hosts, kernels } = JSON.parse(stdout));
  }, 600_000);

  test.each(['page, Vite', 'worker, Vite', 'page, no bundler'])(
    '%s: the numbers of Node, and threads where the page is isolated',
    async (host) => {
      const { values } = await check({ threads: 1 });
      const plain = hosts[`plain ${host}`]!;
      expect(plain.error).toBeUndefined();
      expect(plain.values).toEqual(values);
      expect(plain.info).toMatchObject({ backend: 'ae-wasm', relaxedSimd: true, threads: 1 });
      expect(plain.info.threadsReason).toMatch(
        /not cross-origin isolated; serve it with the headers/,
      );
      const isolated = hosts[`isolated ${host}`]!;
      expect(isolated.error).toBeUndefined();
      expect(isolated.values).toEqual(values);
    },
  );

  test('options mean what they mean in Node', async () => {
    expect(hosts['four threads']).toMatchObject({ info: { threads: 4 } });
    expect(hosts['no relaxed SIMD']).toMatchObject({ info: { relaxedSimd: false } });
    expect(hosts['files elsewhere']!.values).toEqual(hosts['plain page, Vite']!.values);
    expect(hosts['four threads']!.values).toEqual(hosts['plain page, Vite']!.values);
  });

  test('every test of the kernels, with and without relaxed SIMD and threads', () => {
    const outcomes = Object.entries(kernels);
    expect(outcomes.length).toBeGreaterThan(4);
    for (const [name, { error, failed, passed }] of outcomes) {
      expect({ name, error, failed }).toEqual({ name, error: undefined, failed: [] });
      expect(passed.length).toBeGreaterThan(0);
    }
  });
});
