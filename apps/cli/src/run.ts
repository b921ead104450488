import { readFileSync } from 'node:fs';
import { type Arguments, parseArguments } from './arguments.js';
import { type Output, terminal } from './output.js';

/** Bad input, which the user can put right. */
const USAGE = 2;
/** Anything else that went wrong. */
const FAILURE = 1;

/**
 * The whole program.
 *
 * @param args without the names of Node and of the script
 * @returns the exit code
 */
export async function run(args: readonly string[], output: Output = terminal): Promise<number> {
  try {
    const parsed = parseArguments(args, version(), (text) => output.result(text.trimEnd()));
    return parsed === undefined ? 0 : await start(parsed, output);
  } catch (error) {
    const { text, exitCode } = explain(error);
    output.note(text);
    return exitCode;
  }
}

/** TensorFlow.js takes half a second to load: only what is asked for is. */
async function start(args: Arguments, output: Output): Promise<number> {
  switch (args.command) {
    case 'train':
      return (await import('./train.js')).train(args, output);
    case 'evaluate':
      return (await import('./evaluate.js')).evaluate(args, output);
    case 'reconstruct':
      return (await import('./reconstruct.js')).reconstruct(args, output);
    case 'inspect':
      return (await import('./inspect.js')).inspect(args, output);
    case 'export':
      return (await import('./export.js')).exportWeights(args, output);
  }
}

/** One line for what the user or the system is the cause of; a stack trace for our own mistakes. */
export function explain(error: unknown): { text: string; exitCode: number } {
  if (!(error instanceof Error)) return { text: `error: ${String(error)}`, exitCode: FAILURE };
  const line = `error: ${error.message.replace(/\s*\n\s*/g, ' ')}`;
  if (error.name === 'UsageError' || error.name === 'DataFileError' || isSystemError(error)) {
    return { text: line, exitCode: USAGE };
  }
  const isOurs = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'].includes(error.name);
  return { text: isOurs ? `error: ${error.stack}` : line, exitCode: FAILURE };
}

/** No such file, no permission, no space left: errors of the file system, or caused by one. */
function isSystemError(error: Error): boolean {
  if ('syscall' in error && 'code' in error) return true;
  return error.cause instanceof Error && isSystemError(error.cause);
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
