import type { Result } from './result.js';

/** The results as a table: one row for each case, one column for each variant. */
export function table(results: readonly Result[]): string {
  const variants = [...new Set(results.map(({ variant }) => variant))];
  const names = [...new Set(results.map(({ name }) => name))];
  const rows = names.map((name) => [
    name,
    ...variants.map((variant) => {
      const found = results.find((r) => r.name === name && r.variant === variant);
      return found ? cell(found) : '';
    }),
  ]);
  const lines = [['ms (GFLOP/s, of peak)', ...variants], ...rows];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const format = (line: readonly string[]) =>
    `| ${line.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [format(lines[0]!), rule, ...lines.slice(1).map(format)].join('\n');
}

function cell({ ms, gflops, ofPeak }: Result): string {
  const time = ms < 10 ? ms.toFixed(3) : ms.toFixed(1);
  if (gflops === null) return time;
  const part = ofPeak === null ? '' : `, ${ofPeak.toFixed(2)}`;
  return `${time} (${gflops.toFixed(1)}${part})`;
}
