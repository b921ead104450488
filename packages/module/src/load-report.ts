import { nearestName } from './nearest-name.js';
import type { TensorValue } from './state.js';

/** A value and a variable of the same path that do not fit. */
export interface Mismatch {
  readonly path: string;
  /** The shape and dtype of the module's variable. */
  readonly expected: Pick<TensorValue, 'shape' | 'dtype'>;
  /** The shape and dtype in the state. */
  readonly actual: Pick<TensorValue, 'shape' | 'dtype'>;
}

/** What loading a state did, path by path. All lists are in the order of the paths. */
export interface LoadReport {
  /** Variables that got their value. */
  readonly loaded: readonly string[];
  /** Variables for which the state has no value. */
  readonly missing: readonly string[];
  /** Values for which the module has no place. */
  readonly unexpected: readonly string[];
  /** Values whose shape or dtype is not that of their variable. */
  readonly mismatched: readonly Mismatch[];
  /** Values kept for variables that do not exist yet; see `Module.deferredPaths`. */
  readonly deferred: readonly string[];
  /** For paths without a partner: the path that was perhaps meant. */
  readonly suggestions: ReadonlyMap<string, string>;
}

/** Thrown when a state does not fit a module. Nothing was assigned. */
export class LoadStateError extends Error {
  override readonly name = 'LoadStateError';
  readonly report: LoadReport;

  constructor(report: LoadReport) {
    super(
      `loadStateDict: the state does not fit the module; nothing was assigned.\n${describeLoad(report)}`,
    );
    this.report = report;
  }
}

/** The report as lines to read; lists that are empty are left out. */
export function describeLoad(report: LoadReport): string {
  const hint = (path: string): string => {
    const meant = report.suggestions.get(path);
    return meant === undefined ? '' : ` (did you mean '${meant}'?)`;
  };
  const wrongs = report.mismatched.map(
    ({ path, expected, actual }) =>
      `${path}: the variable is ${expected.dtype} [${expected.shape}], the value ${actual.dtype} [${actual.shape}]`,
  );
  const lines = [
    ...section('Without a value (allow it with { partial: true })', report.missing, hint),
    ...section('Without a variable (allow it with { strict: false })', report.unexpected, hint),
    ...section('Of another shape or dtype', wrongs),
    ...section('Kept for layers that are not made yet', report.deferred, hint),
  ];
  if (report.loaded.length > 0) lines.push(`Fitting: ${report.loaded.length}`);
  return lines.join('\n');
}

const MOST_LINES = 12;

function section(
  title: string,
  entries: readonly string[],
  hint: (path: string) => string = () => '',
): string[] {
  if (entries.length === 0) return [];
  const shown = entries.slice(0, MOST_LINES).map((entry) => `  ${entry}${hint(entry)}`);
  if (entries.length > shown.length) shown.push(`  ... and ${entries.length - shown.length} more`);
  return [`${title}:`, ...shown];
}

/** For each path without a partner the nearest of the partners that are left. */
export function suggestPartners(
  missing: readonly string[],
  spare: readonly string[],
): Map<string, string> {
  const suggestions = new Map<string, string>();
  for (const [paths, candidates] of [
    [missing, spare],
    [spare, missing],
  ] as const) {
    for (const path of paths) {
      const nearest = nearestName(path, candidates);
      if (nearest !== undefined) suggestions.set(path, nearest);
    }
  }
  return suggestions;
}
