/** Finds the line of the caller's own code in a stack of calls. */

const here = folderOf(frames(new Error().stack)[0] ?? '');

/**
 * The line of code outside of TensorFlow.js and this package from which the current call came, as
 * `file:line:column`, or `an unknown line`.
 */
export function callSite(): string {
  const outside = frames(new Error().stack).find(
    (frame) => !frame.includes('@tensorflow') && folderOf(frame) !== here,
  );
  return outside ?? 'an unknown line';
}

/** The places in a stack, innermost first; V8 writes `at f (place)`, others `f@place`. */
function frames(stack = ''): string[] {
  return stack
    .split('\n')
    .map((line) => /(?:^|[\s(@])((?:[a-z-]+:)?[^\s()@]*[^\s()]*:\d+:\d+)\)?$/i.exec(line)?.[1])
    .filter((place): place is string => place !== undefined);
}

/** Tests of this package are callers, although they lie in its folder. */
function folderOf(place: string): string {
  return place.includes('.test.') ? '' : place.replace(/[^/\\]*$/, '');
}
