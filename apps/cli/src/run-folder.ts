import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { UsageError } from './usage-error.js';

/** What `ae train` writes into the folder of a run. */
export const RUN_FILES = {
  checkpoints: 'checkpoints',
  metrics: 'metrics.jsonl',
  picture: 'reconstructions.png',
  chart: 'loss.svg',
} as const;

/** Holds the number of the process that trains there; left behind only by a crash. */
const LOCK_FILE = '.training';

/**
 * What is in the folder that a run is to be written into. Changes nothing.
 *
 * @throws UsageError when no new run can go there without losing or mixing up files
 */
export async function inspectRunFolder(folder: string): Promise<'free' | 'holds a run'> {
  const names = await listFolder(folder);
  await refuseWhileTraining(folder);
  const ours = new Set<string>([...Object.values(RUN_FILES), LOCK_FILE]);
  if (!names.some((name) => ours.has(name) && name !== LOCK_FILE)) return 'free';
  const foreign = names.filter((name) => !ours.has(name));
  if (foreign.length > 0) {
    throw new UsageError(
      `${folder} holds a run and other files besides (${foreign.slice(0, 3).join(', ')}): ` +
        'give another --out, or --resume to go on with that run',
    );
  }
  return 'holds a run';
}

/** Moves an earlier run to the first free name of `folder.1`, `folder.2`, ..., and returns that. */
export async function putAside(folder: string): Promise<string> {
  const path = resolve(folder);
  if (`${process.cwd()}${sep}`.startsWith(`${path}${sep}`)) {
    throw new UsageError(`${folder} holds a run and the current folder: give another --out`);
  }
  const taken = new Set(await readdir(dirname(path)));
  let number = 1;
  while (taken.has(`${basename(path)}.${number}`)) number++;
  await rename(path, `${path}.${number}`);
  return `${folder.replace(/[/\\]+$/, '')}.${number}`;
}

/**
 * Makes the folder and marks it as being trained in.
 *
 * @returns what takes the mark away again
 * @throws UsageError when it cannot be written to
 */
export async function openRunFolder(folder: string): Promise<AsyncDisposable> {
  const lock = join(folder, LOCK_FILE);
  try {
    await makeFolder(resolve(folder));
    await refuseWhileTraining(folder);
    await writeFile(lock, `${process.pid}\n`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot write into --out ${folder}: ${(error as Error).message}`);
  }
  return { [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
}

/**
 * Makes a folder and those above it. Not by Node's own `recursive`, which never
 * returns where a folder that exists takes no new ones, as `/proc`.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

/** Replaces a file as a whole: whoever reads it sees the old or the new one. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    const found = await stat(folder);
    if (!found.isDirectory()) throw new UsageError(`--out ${folder} is not a folder`);
    return await readdir(folder);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new UsageError(`cannot read --out ${folder}: ${(error as Error).message}`);
  }
}

async function refuseWhileTraining(folder: string): Promise<void> {
  const text = await readFile(join(folder, LOCK_FILE), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0) || pid === process.pid || !isAlive(pid)) return;
  throw new UsageError(
    `process ${pid} is training in ${folder}: give another --out, ` +
      `or delete ${join(folder, LOCK_FILE)} if that is a mistake`,
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user cannot be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
