/** Where something was called from; the text is only made when it is needed. */
export interface CallSite {
  readonly stack?: string;
}

/**
 * Notes the place that called `callee`.
 *
 * @param callee the function whose caller is meant
 */
export function captureCallSite(callee: (...args: never[]) => unknown): CallSite {
  const site: CallSite = {};
  const { captureStackTrace } = Error as {
    captureStackTrace?: (target: object, callee: unknown) => void;
  };
  if (!captureStackTrace) return new Error('call site');
  captureStackTrace(site, callee);
  return site;
}

/** The place as `encode (model.ts:12:30)`. */
export function describeCallSite({ stack = '' }: CallSite): string {
  const frames = stack.split('\n').filter((line) => /^\s*at /.test(line) || /@.*:\d+/.test(line));
  // Engines without captureStackTrace begin with this package's own two frames.
  const frame = stack.startsWith('Error') ? frames[0] : frames[2];
  return frame?.trim().replace(/^at /, '') ?? 'an unknown place';
}
