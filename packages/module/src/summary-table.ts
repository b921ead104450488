import type { Summary, SummaryRow } from './summary.js';

/** The summary as lines of plain text, without colours, so that it reads well in a log too. */
export function formatSummary(summary: Omit<Summary, 'toString'>): string {
  const { rows, totals, ran, name } = summary;
  const header = ['path', 'layer', 'output', 'parameters', 'trainable', 'bytes', 'multiply-adds'];
  const body = rows.map((row) => [
    row.path === '' ? '(itself)' : row.path,
    row.kind,
    row.outputShapes.map((shape) => `[${shape.join(', ')}]`).join(' '),
    count(row.parameters),
    trainable(row),
    bytes(row.bytes),
    count(row.multiplyAdds),
  ]);
  const footer = [
    'total',
    '',
    '',
    count(totals.parameters),
    count(totals.trainableParameters),
    bytes(totals.bytes),
    count(totals.multiplyAdds),
  ];
  const columns = ran ? [0, 1, 2, 3, 4, 5, 6] : [0, 1, 3, 4, 5];
  const pick = (cells: readonly string[]): string[] => columns.map((column) => cells[column]!);
  const table = [pick(header), ...body.map(pick), pick(footer)];
  const widths = columns.map((_, i) => Math.max(...table.map((cells) => cells[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (columns[i]! < 3 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  const [head, ...rest] = table.map(line);
  return [name, rule, head, rule, ...rest.slice(0, -1), rule, rest.at(-1)].join('\n');
}

function trainable(row: SummaryRow): string {
  if (row.parameters === 0) return '';
  if (row.trainableParameters === row.parameters) return 'yes';
  return row.trainableParameters === 0 ? 'no' : count(row.trainableParameters);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  const kibibytes = value / 1024;
  if (kibibytes < 1024) return `${kibibytes.toFixed(1)} KiB`;
  return `${(kibibytes / 1024).toFixed(1)} MiB`;
}
