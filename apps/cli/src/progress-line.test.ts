import { barLine, clock, type Progress, plainLine, shortLoss } from './progress-line.js';

const progress: Progress = {
  step: 1250,
  totalSteps: 1875,
  epoch: 1,
  epochs: 1,
  imagesPerSecond: 1234.5,
  loss: 0.0123456,
  secondsLeft: 75.4,
};

test('a bar with speed, loss and time left, filling the terminal up to a limit', () => {
  expect(barLine(progress, 70)).toBe(
    `${'█'.repeat(16)}${'░'.repeat(8)}  66%  1,235 images/s  loss 0.01235  ETA 1:15`,
  );
  expect(barLine(progress, 300)).toContain(`${'█'.repeat(26)}${'░'.repeat(14)} `);
  expect(barLine({ ...progress, epochs: 5 }, 80)).toMatch(/^epoch 1\/5 █/);
});

test('never wider than the terminal', () => {
  for (let width = 1; width < 120; width++) {
    expect(barLine(progress, width).length).toBeLessThan(width);
    expect(barLine({ ...progress, epochs: 100 }, width).length).toBeLessThan(width);
  }
});

test('a plain line, and what is not known yet left out', () => {
  expect(plainLine(progress)).toBe('step 1250/1875  66%  1,235 images/s  loss 0.01235  ETA 1:15');
  const first = { ...progress, step: 1, imagesPerSecond: Number.NaN, secondsLeft: Number.NaN };
  expect(plainLine(first)).toBe('step 1/1875   0%  loss 0.01235');
});

test('clock and shortLoss', () => {
  expect([0, 9.6, 75, 3675].map(clock)).toEqual(['0:00', '0:10', '1:15', '1:01:15']);
  expect([0.00654321, 1, 1e-9, Number.NaN].map(shortLoss)).toEqual([
    '0.006543',
    '1',
    '1e-9',
    'NaN',
  ]);
});
