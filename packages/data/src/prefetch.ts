/**
 * The same items, of which up to `count` are asked for before they are needed.
 * A source that is left early is closed.
 */
export async function* prefetch<T>(
  source: AsyncIterable<T>,
  count: number,
): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const ahead: Promise<IteratorResult<T>>[] = [];
  const ask = (): void => {
    const next = iterator.next();
    // An error is thrown at its turn; until then it is not an unhandled one.
    next.catch(() => {});
    ahead.push(next);
  };
  try {
    ask();
    for (;;) {
      while (ahead.length <= count) ask();
      const { done, value } = await ahead.shift()!;
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
