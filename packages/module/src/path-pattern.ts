import type { Variable } from '@tensorflow/tfjs-core';

/**
 * Which variables are meant: a path or the path of something above them
 * (`'encoder'`), with `*` for anything within one name and `**` for anything at all
 * (`'enc*'`, `'block/*'`); a regular expression tested on the path; or a
 * function of path and variable.
 */
export type PathPattern = string | RegExp | ((path: string, variable: Variable) => boolean);

/** Turns a pattern into a test; no pattern means every variable. */
export function pathMatcher(
  pattern: PathPattern | undefined,
): (path: string, variable: Variable) => boolean {
  if (pattern === undefined) return () => true;
  if (typeof pattern === 'function') return pattern;
  if (pattern instanceof RegExp) {
    // A global expression would remember where its last match ended.
    const expression = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
    return (path) => expression.test(path);
  }
  const expression = new RegExp(
    `^${pattern
      .split(/(\*\*\/?|\*)/)
      .map(piece)
      .join('')}(/.*)?$`,
    's',
  );
  return (path) => expression.test(path);
}

function piece(text: string): string {
  if (text === '**/') return '(?:.*/)?';
  if (text === '**') return '.*';
  if (text === '*') return '[^/]*';
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** The path that a pattern spells out, if it is one without wildcards. */
export function literalPath(pattern: PathPattern | undefined): string | undefined {
  return typeof pattern === 'string' && !pattern.includes('*') ? pattern : undefined;
}
