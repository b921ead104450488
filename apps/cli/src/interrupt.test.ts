import { listenForInterrupt } from './interrupt.js';

/** Signals by `process.emit`, a clock that is set by hand. */
function listen() {
  const clock = { now: 0 };
  const events: (string | number)[] = [];
  const interrupt = listenForInterrupt(
    () => events.push('notified'),
    (exitCode) => events.push(exitCode),
    () => clock.now,
  );
  return { clock, events, interrupt };
}

test('the first Ctrl-C aborts, a second one quits', () => {
  const { clock, events, interrupt } = listen();
  expect([interrupt.signal.aborted, interrupt.exitCode]).toEqual([false, undefined]);
  process.emit('SIGINT', 'SIGINT');
  expect([interrupt.signal.aborted, interrupt.exitCode]).toEqual([true, 130]);
  clock.now = 1000;
  process.emit('SIGINT', 'SIGINT');
  expect(events).toEqual(['notified', 130]);
  interrupt[Symbol.dispose]();
});

test('one Ctrl-C that arrives twice, by the terminal and by npm, counts once', () => {
  const { clock, events, interrupt } = listen();
  process.emit('SIGINT', 'SIGINT');
  clock.now = 20;
  process.emit('SIGINT', 'SIGINT');
  expect(events).toEqual(['notified']);
  interrupt[Symbol.dispose]();
});

test('SIGTERM aborts likewise; afterwards the signals are as before', () => {
  const before = process.listenerCount('SIGTERM');
  const { interrupt } = listen();
  process.emit('SIGTERM', 'SIGTERM');
  expect([interrupt.signal.aborted, interrupt.exitCode]).toEqual([true, 143]);
  interrupt[Symbol.dispose]();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
