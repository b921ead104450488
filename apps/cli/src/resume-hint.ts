/**
 * The command that goes on with a run, as the user would have to type it.
 *
 * @param program how the user calls `ae`
 */
export function resumeCommand(
  out: string,
  program: string = process.env.AE_COMMAND ?? 'ae',
): string {
  return `${program} train --out ${quoted(out)} --resume`;
}

/** In single quotes where a shell would take it apart. */
function quoted(path: string): string {
  if (/^[\w./@:+,-]+$/.test(path)) return path;
  return `'${path.replace(/'/g, `'\\''`)}'`;
}
