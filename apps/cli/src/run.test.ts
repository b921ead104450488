import { resumeCommand } from './resume-hint.js';
import { explain, run } from './run.js';
import { UsageError } from './usage-error.js';

describe('explain', () => {
  test('bad input and the file system: one line, exit code 2', () => {
    expect(explain(new UsageError('no such\n  thing'))).toEqual({
      text: 'error: no such thing',
      exitCode: 2,
    });
    const full = Object.assign(new Error('ENOSPC: no space left'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    expect(explain(full)).toEqual({ text: 'error: ENOSPC: no space left', exitCode: 2 });
    expect(explain(new Error('could not be saved', { cause: full }))).toEqual({
      text: 'error: could not be saved',
      exitCode: 2,
    });
  });

  test('what a library refuses: one line, exit code 1; a mistake in the code: where it is', () => {
    expect(explain(new Error('the loss is NaN'))).toEqual({
      text: 'error: the loss is NaN',
      exitCode: 1,
    });
    const { text, exitCode } = explain(new TypeError('x is not a function'));
    expect([exitCode, text]).toEqual([1, expect.stringContaining('run.test.ts')]);
  });
});

test('run prints help on standard output, and errors on standard error', async () => {
  const lines: string[] = [];
  const output = {
    result: (line: string) => lines.push(`out ${line}`),
    note: (line: string) => lines.push(`err ${line}`),
  };
  expect(await run(['--version'], output)).toBe(0);
  expect(await run(['train', '--epochs', '0'], output)).toBe(2);
  expect(lines[0]).toMatch(/^out \d+\.\d+\.\d+$/);
  expect(lines[1]).toMatch(/^err error: .*whole number from 1\.$/);
});

test('resumeCommand can be pasted into a shell', () => {
  expect(resumeCommand('runs/mnist', 'npm start --')).toBe(
    'npm start -- train --out runs/mnist --resume',
  );
  expect(resumeCommand("it's mine", 'ae')).toBe("ae train --out 'it'\\''s mine' --resume");
});
