/** How long a loop may run before timers, signals and messages get their turn, in ms. */
const LONGEST = 30;
/** How long a turn may last while something waits for several of them, in ms. */
const TURN = 2;

/**
 * A function to await in a loop: now and then it lets the event loop run, so
 * that Ctrl-C, timers, workers and pages live while a model trains. In between
 * it costs one look at the clock.
 *
 * @param isWaiting whether work in the background, such as a save with its many
 *   small operations, would come on faster with more turns
 */
export function eventLoopBreaks(
  isWaiting: () => boolean = () => false,
): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < LONGEST) return undefined;
    return turns(isWaiting).then(() => {
      last = performance.now();
    });
  };
}

async function turns(isWaiting: () => boolean): Promise<void> {
  const end = performance.now() + TURN;
  do await nextTask();
  while (isWaiting() && performance.now() < end);
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
