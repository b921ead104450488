/** As of a process that ended by SIGPIPE. */
export const BROKEN_PIPE = 141;

/**
 * Standard output and standard error may fail: the reader of a pipe goes away
 * (`| head`), which is nobody's mistake, or a disk that they are written to is
 * full. Neither is to end in a stack trace.
 */
export function watchStandardStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (isGone(error)) {
        process.exitCode = BROKEN_PIPE;
        return;
      }
      process.exitCode = 2;
      if (stream === process.stdout) {
        process.stderr.write(`error: cannot write to standard output: ${error.message}\n`);
      }
    });
  }
}

/** Calls `gone` once nobody reads the messages any more. */
export function whenUnread(gone: () => void): Disposable {
  const onError = (error: NodeJS.ErrnoException): void => {
    if (isGone(error)) gone();
  };
  process.stderr.on('error', onError);
  return { [Symbol.dispose]: () => void process.stderr.off('error', onError) };
}

function isGone({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'EIO';
}
