export interface Progress {
  /** Steps taken, of this many. */
  readonly step: number;
  readonly totalSteps: number;
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  readonly imagesPerSecond: number;
  readonly loss: number;
  /** Until training ends; not finite as long as nothing is known. */
  readonly secondsLeft: number;
}

const LONGEST_BAR = 40;
const SHORTEST_BAR = 8;

/** One line for a terminal that is `width` characters wide; the bar takes what is left. */
export function barLine(progress: Progress, width: number): string {
  const { epoch, epochs } = progress;
  const before = epochs > 1 ? `epoch ${epoch}/${epochs} ` : '';
  const after = `  ${parts(progress).join('  ')}`;
  const room = width - 1 - before.length - after.length;
  if (room < SHORTEST_BAR) return `${before}${after}`.trim().slice(0, width - 1);
  return `${before}${bar(progress.step / progress.totalSteps, Math.min(room, LONGEST_BAR))}${after}`;
}

/** The same as a line of a log. */
export function plainLine(progress: Progress): string {
  const { step, totalSteps } = progress;
  return `step ${step}/${totalSteps}  ${parts(progress).join('  ')}`;
}

function parts({ step, totalSteps, imagesPerSecond, loss, secondsLeft }: Progress): string[] {
  const percent = `${Math.floor((100 * step) / totalSteps)}%`.padStart(3);
  const speed = Number.isFinite(imagesPerSecond)
    ? [`${Math.round(imagesPerSecond).toLocaleString('en')} images/s`]
    : [];
  const left = Number.isFinite(secondsLeft) ? [`ETA ${clock(secondsLeft)}`] : [];
  return [percent, ...speed, `loss ${shortLoss(loss)}`, ...left];
}

function bar(part: number, width: number): string {
  const full = Math.floor(Math.min(1, part) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** `75` as `1:15`, `3675` as `1:01:15`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${hours}:${pad(minutes)}:${pad(whole % 60)}`
    : `${minutes}:${pad(whole % 60)}`;
}

/** Four significant digits. */
export function shortLoss(loss: number): string {
  return Number.isFinite(loss) ? String(Number(loss.toPrecision(4))) : String(loss);
}
