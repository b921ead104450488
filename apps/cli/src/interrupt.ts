/** Exit codes as a shell gives them for a process ended by the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type Signal = keyof typeof EXIT_CODES;

/**
 * One Ctrl-C may arrive twice: npm and npx pass on to their child what the
 * terminal has sent to it already. So near to each other they count as one.
 */
const SAME_MILLISECONDS = 300;

export interface Interrupt {
  /** Aborted by the first Ctrl-C (or SIGTERM, SIGHUP). */
  readonly signal: AbortSignal;
  /** How the process must end after that; undefined as long as there was none. */
  readonly exitCode: number | undefined;
  /** Stops training as a signal does, without a second chance. */
  stop(exitCode: number): void;
  /** Gives the signals back to Node. */
  [Symbol.dispose](): void;
}

/**
 * Listens for Ctrl-C: the first one aborts `signal`, so that the run can save
 * itself, the second one calls `quit` at once.
 *
 * @param notify called at the first one
 */
export function listenForInterrupt(
  notify: () => void,
  quit: (exitCode: number) => void = (exitCode) => process.exit(exitCode),
  now: () => number = () => performance.now(),
): Interrupt {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let since = 0;
  const onSignal = (signal: Signal): void => {
    if (exitCode === undefined) {
      exitCode = EXIT_CODES[signal];
      since = now();
      controller.abort();
      notify();
    } else if (now() - since > SAME_MILLISECONDS) {
      quit(EXIT_CODES[signal]);
    }
  };
  const signals = Object.keys(EXIT_CODES) as Signal[];
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    stop(code) {
      exitCode ??= code;
      controller.abort();
    },
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
