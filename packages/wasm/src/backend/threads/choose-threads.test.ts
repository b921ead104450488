import { chooseThreads } from './choose-threads.js';

test('one for each core in Node, or what is asked for', () => {
  const { threads } = chooseThreads('auto');
  expect(threads).toBeGreaterThanOrEqual(1);
  expect(threads).toBeLessThanOrEqual(8);
  expect(chooseThreads(5)).toEqual({ threads: 5 });
  expect(chooseThreads(1)).toEqual({ threads: 1, reason: 'one thread was asked for' });
});

test.each([0, -1, 2.5, 65, Number.NaN])('%p is refused', (threads) => {
  expect(() => chooseThreads(threads)).toThrow(/'auto' or a whole number from 1 to 64/);
});

test('a page that is not isolated gets one thread and the way to more', async () => {
  jest.resetModules();
  jest.doMock('../node.js', () => ({ isNode: false }));
  const { chooseThreads: inPage } = await import('./choose-threads.js');
  expect(inPage('auto')).toMatchObject({ threads: 1 });
  expect(inPage(4).reason).toMatch(/Cross-Origin-Opener-Policy: same-origin/);
});
