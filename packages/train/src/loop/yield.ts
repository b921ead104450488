/** How long a loop may run before timers, signals and messages get their turn, in ms. */
const LONGEST = 30;

/**
 * A function to await in a loop: now and then it lets the event loop run, so
 * that Ctrl-C, timers, workers and pages live while a model trains. In between
 * it costs one look at the clock.
 */
export function eventLoopBreaks(): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < LONGEST) return undefined;
    return nextTask().then(() => {
      last = performance.now();
    });
  };
}

/** Resolves in a later task of the event loop, without the 4 ms that browsers add to timers. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
