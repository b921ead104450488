import { stepSeed, withStep } from './index.js';

const draw = (seed: number, step: number, ...users: string[]): (number | undefined)[] =>
  withStep(seed, step, () => users.map(stepSeed));

describe('withStep and stepSeed', () => {
  test('a seed depends on the seed, the step and the user, and on nothing else', () => {
    expect(draw(1, 2, 'a', 'b')).toEqual(draw(1, 2, 'b', 'a').reverse());
    const seeds = [draw(1, 2, 'a'), draw(1, 3, 'a'), draw(2, 2, 'a'), draw(1, 2, 'b')];
    expect(new Set(seeds.flat()).size).toBe(4);
  });

  test('a second use in a step draws anew, and a repeated step repeats both', () => {
    const [first, second] = draw(1, 2, 'a', 'a');
    expect(first).not.toBe(second);
    expect(draw(1, 2, 'a', 'a')).toEqual([first, second]);
  });

  test('there is no step outside, after an error, or within a finished inner one', () => {
    expect(stepSeed('a')).toBeUndefined();
    expect(() =>
      withStep(0, 0, () => {
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(stepSeed('a')).toBeUndefined();
    const [inner, outer] = withStep(0, 0, () => [
      withStep(0, 1, () => stepSeed('a')),
      stepSeed('a'),
    ]);
    expect([inner, outer]).toEqual([...draw(0, 1, 'a'), ...draw(0, 0, 'a')]);
  });
});
