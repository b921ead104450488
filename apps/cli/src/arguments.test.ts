import { type Arguments, parseArguments } from './arguments.js';
import { UsageError } from './usage-error.js';

const parse = (line: string): Arguments | undefined =>
  parseArguments(line === '' ? [] : line.split(' '), '1.2.3', () => {});

function printed(line: string): string {
  let text = '';
  expect(
    parseArguments(line === '' ? [] : line.split(' '), '1.2.3', (part) => {
      text += part;
    }),
  ).toBeUndefined();
  return text;
}

function errorOf(args: string[]): string {
  try {
    parseArguments(args, '1.2.3', () => {});
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as UsageError).message;
  }
  throw new Error(`no error: ${args.join(' ')}`);
}

describe('train', () => {
  test('has these defaults', () => {
    expect(parse('train')).toEqual({
      command: 'train',
      model: 'auto-encoder',
      batchSize: 32,
      learningRate: 0.001,
      seed: 0,
      checkpointEvery: 500,
      out: 'runs/mnist',
      resume: false,
      json: false,
      given: new Set(),
    });
  });

  test('takes every option', () => {
    expect(
      parse(
        'train --model lazy-auto-encoder --steps 7 --batch-size 8 --learning-rate 2e-4 --seed 9 ' +
          '--checkpoint-every 10 --out x/y --resume --json --data d',
      ),
    ).toEqual({
      command: 'train',
      model: 'lazy-auto-encoder',
      steps: 7,
      batchSize: 8,
      learningRate: 2e-4,
      seed: 9,
      checkpointEvery: 10,
      out: 'x/y',
      resume: true,
      json: true,
      data: 'd',
      given: new Set([
        'model',
        'steps',
        'batchSize',
        'learningRate',
        'seed',
        'checkpointEvery',
        'out',
        'resume',
        'json',
        'data',
      ]),
    });
    expect(parse('train --epochs=3')).toMatchObject({ epochs: 3 });
  });
});

test('evaluate and reconstruct', () => {
  expect(parse('evaluate --checkpoint a')).toEqual({
    command: 'evaluate',
    checkpoint: 'a',
    json: false,
  });
  expect(parse('evaluate --checkpoint a --json --data d')).toEqual({
    command: 'evaluate',
    checkpoint: 'a',
    json: true,
    data: 'd',
  });
  expect(parse('reconstruct --checkpoint a --out x.png')).toEqual({
    command: 'reconstruct',
    checkpoint: 'a',
    out: 'x.png',
    count: 16,
  });
  expect(parse('reconstruct --checkpoint a --out x.PNG --count 3')).toMatchObject({ count: 3 });
});

test('inspect and export', () => {
  expect(parse('inspect runs/x')).toEqual({
    command: 'inspect',
    checkpoint: 'runs/x',
    json: false,
  });
  expect(parse('inspect --checkpoint runs/x --json')).toEqual({
    command: 'inspect',
    checkpoint: 'runs/x',
    json: true,
  });
  expect(parse('export runs/x --out y.safetensors --naming dots')).toEqual({
    command: 'export',
    checkpoint: 'runs/x',
    out: 'y.safetensors',
    group: 'weights',
    naming: 'dots',
  });
  expect(errorOf(['inspect'])).toContain('which checkpoint');
  expect(errorOf(['inspect', 'a', '--checkpoint', 'b'])).toContain('one checkpoint at a time');
  expect(errorOf(['export', 'a', '--out', 'y.png'])).toContain('must end with .safetensors');
  expect(errorOf(['export', 'a', '--out', 'y.safetensors', '--naming', 'x'])).toContain('dots');
});

test('help and version', () => {
  expect(printed('')).toContain('Usage: ae');
  expect(printed('--help')).toContain('reconstruct');
  expect(printed('train --help')).toContain('--learning-rate <x>');
  expect(printed('--version')).toBe('1.2.3\n');
});

test.each<[string, string]>([
  ['trian', "unknown command 'trian' (Did you mean train?)"],
  ['train --stpes 3', "unknown option '--stpes' (Did you mean --steps?)"],
  ['train --step 3', "unknown option '--step' (Did you mean --steps?)"],
  ['-x', "unknown option '-x'"],
  ['train extra', 'too many arguments'],
  ['train --model vae', 'Allowed choices are auto-encoder, lazy-auto-encoder.'],
  ['train --steps', "option '--steps <n>' argument missing"],
  ['train --steps -5', "argument '-5' is invalid. It must be a whole number from 1."],
  ['train --steps 0', 'It must be a whole number from 1.'],
  ['train --steps 1.5', 'It must be a whole number from 1.'],
  ['train --steps 1e3', 'It must be a whole number from 1.'],
  ['train --steps NaN', 'It must be a whole number from 1.'],
  ['train --steps 99999999999999999999', 'It must be a whole number from 1.'],
  ['train --epochs two', 'It must be a whole number from 1.'],
  ['train --batch-size 0', 'It must be a whole number from 1.'],
  ['train --seed -1', 'It must be a whole number from 0.'],
  ['train --learning-rate 0', 'It must be a number above 0.'],
  ['train --learning-rate -1e-3', 'It must be a number above 0.'],
  ['train --learning-rate Infinity', 'It must be a number above 0.'],
  ['train --epochs 1 --steps 1', "option '--epochs <n>' cannot be used with option '--steps <n>'"],
  ['train --out --resume', 'It must be a path; did you mean ./--resume?'],
  ['evaluate', "required option '--checkpoint <path>' not specified"],
  ['reconstruct --checkpoint a', "required option '--out <file>' not specified"],
  ['reconstruct --checkpoint a --out x.jpg', 'Its name must end with .png.'],
  ['reconstruct --checkpoint a --out .png', 'Its name must end with .png.'],
  ['reconstruct --checkpoint a --out x.png --count 0', 'from 1 to 1000'],
])('ae %s: one line that says what is wrong', (line, expected) => {
  const message = errorOf(line.split(' '));
  expect(message).toContain(expected);
  expect(message).not.toContain('\n');
});

test('an empty path is refused', () => {
  expect(errorOf(['train', '--out', ''])).toContain('It must be a path.');
  expect(errorOf(['evaluate', '--checkpoint', ' '])).toContain('It must be a path.');
});
