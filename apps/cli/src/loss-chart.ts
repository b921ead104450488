import { scaleLinear, scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';

interface LossPoint {
  /** How many steps had been trained, from 1. */
  readonly step: number;
  readonly loss: number;
}

export interface LossChart {
  readonly title: string;
  readonly training: readonly LossPoint[];
  readonly validation: readonly LossPoint[];
}

const WIDTH = 960;
const HEIGHT = 540;
const PLOT = { left: 84, right: WIDTH - 36, top: 104, bottom: HEIGHT - 68 };
/** More training points than this are drawn as a mean within a band from lowest to highest. */
const MOST_POINTS = 240;
/** Losses that range over less than this factor need no logarithmic axis. */
const LOGARITHMIC_FROM = 3;

interface Palette {
  page: string;
  ink: string;
  quiet: string;
  grid: string;
  training: string;
  validation: string;
}

/** Blue and orange: also the colour-blind tell them apart. */
const LIGHT: Palette = {
  page: '#ffffff',
  ink: '#1f2328',
  quiet: '#59636e',
  grid: '#e4e8ec',
  training: '#1f6feb',
  validation: '#bc4c00',
};
const DARK: Palette = {
  page: '#0d1117',
  ink: '#f0f6fc',
  quiet: '#9198a1',
  grid: '#262c36',
  training: '#58a6ff',
  validation: '#f0883e',
};

/** Without CSS variables, which many viewers of SVG files do not know. */
const colours = (palette: Palette): string => `
  .page { fill: ${palette.page}; }
  text { fill: ${palette.quiet}; }
  .strong { fill: ${palette.ink}; }
  .grid { stroke: ${palette.grid}; }
  .axis { stroke: ${palette.quiet}; }
  .band { fill: ${palette.training}; }
  .line.training { stroke: ${palette.training}; }
  .line.validation { stroke: ${palette.validation}; }
  .dot { stroke: ${palette.page}; }
  .dot.training { fill: ${palette.training}; }
  .dot.validation { fill: ${palette.validation}; }`;

const STYLE = `
  text { font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; font-size: 15px; }
  .title { font-size: 21px; font-weight: 600; }
  .band { opacity: 0.25; }
  .line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
  .dot { stroke-width: 1.5; }${colours(LIGHT)}
  @media (prefers-color-scheme: dark) {${colours(DARK)}
  }`;

/** The losses of a run over its steps, as an SVG document. */
export function lossChart({ title, training, validation }: LossChart): string {
  const means = binned(training);
  const held = validation.filter(({ loss }) => Number.isFinite(loss));
  const losses = [...means.flatMap(({ low, high }) => [low, high]), ...held.map((p) => p.loss)];
  const lastStep = Math.max(1, ...means.map((p) => p.step), ...held.map((p) => p.step));
  const x = scaleLinear([0, lastStep], [PLOT.left, PLOT.right]);
  const y = lossScale(losses);
  const xOf = (point: { step: number }): number => round(x(point.step));
  const yOf = (loss: number): number => round(y.toY(loss));

  const bandPath = area<Bin>(
    xOf,
    (bin) => yOf(bin.low),
    (bin) => yOf(bin.high),
  );
  const meanPath = line<Bin>(xOf, (bin) => yOf(bin.loss));
  const heldPath = line<LossPoint>(xOf, (point) => yOf(point.loss));
  const isBinned = training.length > MOST_POINTS && means.length > 0;

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>${escapeXml(title)}</title>
<style>${STYLE}
</style>
<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>
<text class="title strong" x="${PLOT.left}" y="42">${escapeXml(title)}</text>
${legend(means.at(-1), held.at(-1), isBinned)}
${y.ticks
  .map(
    (
      tick,
    ) => `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${yOf(tick)}" y2="${yOf(tick)}"/>
<text x="${PLOT.left - 12}" y="${yOf(tick) + 5}" text-anchor="end">${shortNumber(tick)}</text>`,
  )
  .join('\n')}
<line class="axis" x1="${PLOT.left}" x2="${PLOT.right}" y1="${PLOT.bottom}" y2="${PLOT.bottom}"/>
${x
  .ticks(8)
  .filter(Number.isInteger)
  .map(
    (
      tick,
    ) => `<line class="axis" x1="${round(x(tick))}" x2="${round(x(tick))}" y1="${PLOT.bottom}" y2="${PLOT.bottom + 6}"/>
<text x="${round(x(tick))}" y="${PLOT.bottom + 26}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
  )
  .join('\n')}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 16}" text-anchor="middle">step</text>
<text transform="translate(24 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)" text-anchor="middle">loss${y.logarithmic ? ', logarithmic' : ''}</text>
${isBinned ? `<path class="band" d="${bandPath(means)}"/>` : ''}
${path('training', meanPath(means))}
${means.length === 1 ? dot('training', xOf(means[0]!), yOf(means[0]!.loss)) : ''}
${path('validation', heldPath(held))}
${held.map((point) => dot('validation', xOf(point), yOf(point.loss))).join('\n')}
</svg>
`;
}

interface Bin extends LossPoint {
  low: number;
  high: number;
}

/** At most `MOST_POINTS` means, each at the last of its steps; losses that are not finite left out. */
function binned(points: readonly LossPoint[]): Bin[] {
  const finite = points.filter(({ loss }) => Number.isFinite(loss));
  const size = Math.ceil(finite.length / MOST_POINTS);
  const bins: Bin[] = [];
  for (let start = 0; start < finite.length; start += size) {
    const part = finite.slice(start, start + size);
    const losses = part.map(({ loss }) => loss);
    bins.push({
      step: part.at(-1)!.step,
      loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
      low: Math.min(...losses),
      high: Math.max(...losses),
    });
  }
  return bins;
}

interface LossScale {
  toY(loss: number): number;
  readonly ticks: readonly number[];
  readonly logarithmic: boolean;
}

function lossScale(losses: readonly number[]): LossScale {
  const range = [PLOT.bottom, PLOT.top];
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  if (low > 0 && high / low > LOGARITHMIC_FROM) {
    const domain: [number, number] = [low * 0.85, high * 1.1];
    return { toY: scaleLog(domain, range), ticks: logarithmicTicks(domain), logarithmic: true };
  }
  const top = losses.length === 0 ? 1 : high;
  const scale = scaleLinear([Math.min(0, losses.length === 0 ? 0 : low), top || 1], range).nice();
  return { toY: scale, ticks: scale.ticks(6), logarithmic: false };
}

/** 1, 2 and 5 times the powers of ten; only the powers where that would crowd the axis. */
function logarithmicTicks([low, high]: [number, number]): number[] {
  const decades = Math.log10(high / low);
  const factors = decades > 4 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    // Number() of the decimal text, for 5 * 10 ** -3 is 0.005000000000000001 on the way.
    ticks.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

function legend(training: Bin | undefined, held: LossPoint | undefined, isBinned: boolean): string {
  const y = 74;
  let x = PLOT.left;
  const parts: string[] = [];
  const add = (kind: 'training' | 'validation', label: string, loss: number): void => {
    parts.push(
      `<line class="line ${kind}" x1="${x}" x2="${x + 24}" y1="${y - 5}" y2="${y - 5}"/>`,
      `<text x="${x + 34}" y="${y}">${label} <tspan class="strong">${shortNumber(loss)}</tspan></text>`,
    );
    if (kind === 'validation') parts.push(dot(kind, x + 12, y - 5));
    x += 34 + 8 * label.length + 96;
  };
  if (training) add('training', isBinned ? 'training, mean and range' : 'training', training.loss);
  if (held) add('validation', 'validation', held.loss);
  if (parts.length === 0) parts.push(`<text x="${x}" y="${y}">there is no finite loss</text>`);
  return parts.join('\n');
}

function path(kind: string, d: string | null): string {
  return d === null ? '' : `<path class="line ${kind}" d="${d}"/>`;
}

function dot(kind: string, x: number, y: number): string {
  return `<circle class="dot ${kind}" cx="${x}" cy="${y}" r="5"/>`;
}

/** Three significant digits, without trailing zeros. */
function shortNumber(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) return value.toExponential();
  return String(Number(value.toPrecision(3)));
}

function round(coordinate: number): number {
  return Math.round(coordinate * 100) / 100;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
