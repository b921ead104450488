import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exampleNames, toJavaScript } from '../to-javascript.mjs';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines that a program prints; it works in a folder of its own. */
async function linesOf(name: string): Promise<string[]> {
  const { stdout } = await run(process.execPath, [toJavaScript(name)], { cwd: folder });
  return stdout.trimEnd().split('\n');
}

const numbers = (text: string): number[] => (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);

/** What each program must print. */
const EXPECTATIONS: Record<string, (lines: string[]) => void> = {
  'essay-auto-encoder': (lines) => {
    const [first, second] = lines.slice(0, 2).map((line) => numbers(line));
    expect(second![1]).toBeLessThan(first![1]!);
    expect(second![2]).toBeLessThan(first![2]!);
    expect(lines[2]).toMatch(/^code\/bias code\/kernel dec1\/bias .* enc3\/kernel$/);
  },
  'layer-dictionary': (lines) => {
    expect(lines.slice(0, 3)).toEqual([
      'before the first call: 0 variables',
      'after two calls: 8 variables',
      'block/0/bias [8]',
    ]);
    expect(lines.join('\n')).toContain("DriftError: 'scores'");
    expect(lines.join('\n')).toContain('units: 10, now 11');
  },
  'training-loop': (lines) => {
    const losses = lines.slice(0, 4).map((line) => numbers(line)[1]!);
    expect(losses[3]).toBeLessThan(0.02);
    expect(losses[3]).toBeLessThan(losses[0]! / 5);
    expect(lines[4]).toBe('tensors left behind by 300 steps: 0');
  },
  'shared-weights': (lines) => {
    expect(lines.slice(0, 2)).toEqual(['decoder/bias [16]', 'encoder/kernel [16,3]']);
    const [first, last] = lines.slice(2).map((line) => numbers(line)[0]!);
    expect(last).toBeLessThan(first! / 100);
  },
  denoising: (lines) => {
    const [noisy, denoised] = lines.map((line) => numbers(line)[0]!);
    expect(denoised).toBeLessThan(noisy! / 2);
  },
  'anomaly-scores': (lines) => {
    const found = lines.slice(1).map((line) => numbers(line));
    expect(found.length).toBeGreaterThan(4);
    // Every window that is called unusual overlaps the broken stretch.
    for (const [from, to] of found) {
      expect(to).toBeGreaterThan(3200);
      expect(from).toBeLessThan(3240);
    }
  },
  interpolation: (lines) => {
    expect(lines).toEqual(['interpolation.png: 252 x 28, from a 7 to a 2']);
    const png = readFileSync(join(folder, 'interpolation.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([252, 28]);
  },
  'keras-weights': (lines) => {
    expect(lines[0]).toMatch(
      /^loaded: code\/bias code\/kernel enc1\/bias .* norm\/moving_variance$/,
    );
    expect(lines[1]).toBe('not used yet: dec1/vars/0 dec1/vars/1 dec2/vars/0 dec2/vars/1');
    const codes: number[] = JSON.parse(lines[2]!.replace('codes: ', ''));
    // What Keras computes with these weights, from reference/data/small.safetensors.
    const keras = [1.1706948, 0.7249175, -1.0652587, -0.2285425, 0.1016123, -2.8401384];
    keras.forEach((value, index) => void expect(codes[index]).toBeCloseTo(value, 5));
  },
};

test('every program is expected to print something', () => {
  expect(Object.keys(EXPECTATIONS).sort()).toEqual(exampleNames().sort());
});

test('every program begins with what one learns', () => {
  for (const name of exampleNames()) {
    const text = readFileSync(join(__dirname, `${name}.ts`), 'utf8');
    expect(text).toMatch(/^\/\*\*\n \* Learn /);
    expect(text).not.toMatch(/from '\./);
  }
});

test.each(Object.entries(EXPECTATIONS))('%s', async (name, expectLines) => {
  expectLines(await linesOf(name));
});
