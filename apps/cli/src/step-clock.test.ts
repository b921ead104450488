import { StepClock } from './step-clock.js';

/** A clock whose steps take so many milliseconds; 'pause' is a validation of 1000. */
function measured(...steps: (number | 'pause')[]): StepClock {
  let now = 0;
  const clock = new StepClock(() => now);
  for (const step of steps) {
    if (step === 'pause') {
      now += 1000;
      clock.onEpochEnd();
    } else {
      now += step;
      clock.onStepEnd({ examples: 32 });
    }
  }
  return clock;
}

test('the median leaves out the first step and what is no step', () => {
  expect(measured(500, 10, 20, 40).medianMsPerStep()).toBe(20);
  expect(measured(500, 10, 20, 40, 60).medianMsPerStep()).toBe(30);
  // The step after a pause has no beginning that is known.
  expect(measured(500, 10, 20, 'pause', 15, 40).medianMsPerStep()).toBe(20);
});

test('images per second', () => {
  expect(measured(500, 10, 22).imagesPerSecond()).toBe(2000);
  const slower = measured(500, ...Array(50).fill(10), ...Array(50).fill(40));
  expect(slower.recentMsPerStep()).toBe(40);
  expect(slower.recentImagesPerSecond()).toBe(800);
});

test('nothing is known before the second step', () => {
  const clock = measured(500);
  expect([clock.medianMsPerStep(), clock.imagesPerSecond(), clock.recentMsPerStep()]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);
});
