import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as png from 'fast-png';
import type * as chart from './loss-chart.js';
import type * as grid from './picture-grid.js';

/** Imports as Node does, past Jest: see jest.environment.mjs. */
declare function importByNode<T>(specifier: string): Promise<T>;

const built = (file: string): string => pathToFileURL(join(__dirname, '../dist', file)).href;

let decode: typeof png.decode;
let lossChart: typeof chart.lossChart;
let pairsPicture: typeof grid.pairsPicture;
beforeAll(async () => {
  ({ decode } = await importByNode<typeof png>(pathToFileURL(require.resolve('fast-png')).href));
  ({ lossChart } = await importByNode<typeof chart>(built('loss-chart.js')));
  ({ pairsPicture } = await importByNode<typeof grid>(built('picture-grid.js')));
});

describe('pairsPicture', () => {
  /** Images of one value each. */
  const images = (values: number[]) => ({
    pixels: values.flatMap((value) => Array(4).fill(value)),
    count: values.length,
    height: 2,
    width: 2,
  });

  test('shows each original above its reconstruction', () => {
    const values = Array.from({ length: 11 }, (_, i) => i / 10);
    const { width, height, data, channels } = decode(
      pairsPicture(images(values), images(values.map((value) => 1 - value))),
    );
    expect(channels).toBe(1);
    // Eight in a row, then three; tiles of 8 x 8 pixels, gaps of 6, margins of 22.
    expect([width, height]).toEqual([2 * 22 + 8 * 8 + 7 * 6, 22 + 2 * (2 * 8 + 6 + 22)]);
    values.forEach((value, index) => {
      const x = 22 + (index % 8) * 14;
      const y = 22 + Math.floor(index / 8) * 44;
      for (const [dx, dy] of [
        [0, 0],
        [7, 7],
      ] as const) {
        expect(data[(y + dy) * width + x + dx]).toBe(Math.round(255 * value));
        expect(data[(y + 14 + dy) * width + x + dx]).toBe(Math.round(255 * (1 - value)));
      }
    });
  });

  test('clips what is not from black to white', () => {
    const { data, width } = decode(pairsPicture(images([-1]), images([7])));
    expect([data[22 * width + 22], data[36 * width + 22]]).toEqual([0, 255]);
  });
});

describe('lossChart', () => {
  const training = (n: number) =>
    Array.from({ length: n }, (_, i) => ({ step: i + 1, loss: 0.2 / (i + 1) + 0.01 }));

  test.each([
    ['an epoch', training(1875), [{ step: 1875, loss: 0.01 }]],
    ['many epochs', training(20_000), [1, 2, 3].map((n) => ({ step: n * 1875, loss: 0.01 / n }))],
    ['three steps', training(3), [{ step: 3, loss: 0.1 }]],
    ['one step', training(1), []],
    ['nothing', [], []],
    [
      'nothing finite',
      [{ step: 1, loss: Number.NaN }],
      [{ step: 1, loss: Number.POSITIVE_INFINITY }],
    ],
    ['a loss of zero', [{ step: 1, loss: 0 }], [{ step: 1, loss: 0 }]],
  ])('draws %s with finite coordinates, in a file of bounded size', (_, steps, validation) => {
    const svg = lossChart({ title: 'a <title> & "more"', training: steps, validation });
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(svg).toContain('a &#60;title&#62; &#38; &#34;more&#34;');
    expect(svg.length).toBeLessThan(20_000);
    // Well-formed: every tag that is opened is closed.
    const open: string[] = [];
    for (const [, end, name, closed] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (end) expect(open.pop()).toBe(name);
      else if (!closed) open.push(name!);
    }
    expect(open).toEqual([]);
  });

  test('marks the last values and every validation', () => {
    const svg = lossChart({
      title: 'x',
      training: training(300),
      validation: [
        { step: 150, loss: 0.0151 },
        { step: 300, loss: 0.0123 },
      ],
    });
    expect(svg).toContain('>0.0123</tspan>');
    expect(svg.match(/<circle class="dot validation"/g)?.length).toBe(3);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toContain('logarithmic');
  });
});
