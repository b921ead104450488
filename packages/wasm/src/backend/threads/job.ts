/**
 * How threads share the tasks of one call: a block of shared 32-bit words, worked on with Atomics
 * by the thread that calls (the main one, which owns it) and by the workers.
 *
 * A worker that comes late, or never, costs nothing but its help: whoever is there takes the next
 * task, and a call is over when all its tasks are done.
 */

/**
 * Generation (upper bits) and index of the next chunk of tasks (lower bits). A thread takes a
 * chunk by exchanging the word it has seen for the next one, which fails if the job has changed.
 */
const TICKET = 0;
// Each of these is written by other threads than its neighbours, hence the cache lines between.
const DONE = 16;
const SLEEPERS = 32;
const WAKE = 33;
const MAIN_SLEEPS = 48;
const FAILED = 49;
// The job, written by the main thread only.
const KERNEL = 64;
const ARGUMENTS = 65;
const TASKS = 66;
const CHUNK = 67;
const TEXT = 80;

const TEXT_WORDS = 176;
export const CONTROL_BYTES: number = 4 * (TEXT + TEXT_WORDS);

const INDEX_BITS = 12;
const INDEX_MASK = 2 ** INDEX_BITS - 1;
/** An index that no job reaches: there is nothing to take. */
const CLOSED = INDEX_MASK;
const MAX_CHUNKS = 2048;

export type Kernel = (args: number, task: number, worker: number) => void;

/** Opens a job for all threads. The previous one must be over. */
export function openJob(
  words: Int32Array,
  kernel: number,
  args: number,
  tasks: number,
): { chunks: number } {
  const generation = (Atomics.load(words, TICKET) >>> INDEX_BITS) + 1;
  const ticket = generation << INDEX_BITS;
  // A worker that still looks at the old job must not take from it once the words below change.
  Atomics.store(words, TICKET, ticket | CLOSED);
  const chunk = Math.ceil(tasks / MAX_CHUNKS);
  Atomics.store(words, KERNEL, kernel);
  Atomics.store(words, ARGUMENTS, args);
  Atomics.store(words, TASKS, tasks);
  Atomics.store(words, CHUNK, chunk);
  Atomics.store(words, DONE, 0);
  Atomics.store(words, FAILED, 0);
  Atomics.store(words, TICKET, ticket);
  const chunks = Math.ceil(tasks / chunk);
  if (Atomics.load(words, SLEEPERS) > 0) {
    Atomics.add(words, WAKE, 1);
    Atomics.notify(words, WAKE, chunks - 1);
  }
  return { chunks };
}

/** Whether a job has chunks that nobody has taken. */
export function hasWork(words: Int32Array): boolean {
  const index = Atomics.load(words, TICKET) & INDEX_MASK;
  return index !== CLOSED && index * words[CHUNK]! < words[TASKS]!;
}

/** Takes and does chunks of the open job until none is left. */
export function doTasks(words: Int32Array, kernels: readonly Kernel[], worker: number): void {
  let done = 0;
  for (;;) {
    const ticket = Atomics.load(words, TICKET);
    const index = ticket & INDEX_MASK;
    const tasks = Atomics.load(words, TASKS);
    const chunk = Atomics.load(words, CHUNK);
    const kernel = Atomics.load(words, KERNEL);
    const args = Atomics.load(words, ARGUMENTS);
    if (index === CLOSED || index * chunk >= tasks) break;
    if (Atomics.compareExchange(words, TICKET, ticket, (ticket + 1) | 0) !== ticket) continue;
    if (Atomics.load(words, FAILED) === 0) {
      const end = Math.min(tasks, (index + 1) * chunk);
      try {
        for (let task = index * chunk; task < end; task++) kernels[kernel]!(args, task, worker);
      } catch (error) {
        fail(words, error);
      }
    }
    done++;
  }
  if (done > 0) {
    Atomics.add(words, DONE, done);
    if (worker > 0 && Atomics.load(words, MAIN_SLEEPS) > 0) Atomics.notify(words, DONE);
  }
}

/** Lets a worker sleep until a job is opened. */
export function sleep(words: Int32Array): void {
  Atomics.add(words, SLEEPERS, 1);
  const wake = Atomics.load(words, WAKE);
  if (!hasWork(words)) Atomics.wait(words, WAKE, wake);
  Atomics.sub(words, SLEEPERS, 1);
}

/** How many chunks are done, seen by the main thread. */
export function doneChunks(words: Int32Array): number {
  return Atomics.load(words, DONE);
}

/** Lets the main thread sleep until more chunks than `done` are done, at most `milliseconds`. */
export function awaitProgress(words: Int32Array, done: number, milliseconds: number): void {
  Atomics.store(words, MAIN_SLEEPS, 1);
  Atomics.wait(words, DONE, done, milliseconds);
  Atomics.store(words, MAIN_SLEEPS, 0);
}

function fail(words: Int32Array, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  for (let i = 0; i < TEXT_WORDS; i++) words[TEXT + i] = i < text.length ? text.charCodeAt(i) : 0;
  Atomics.store(words, FAILED, 1);
}

/** What a task of the last job threw, if one did. */
export function failure(words: Int32Array): string | undefined {
  if (Atomics.load(words, FAILED) === 0) return undefined;
  const text = words.subarray(TEXT, TEXT + TEXT_WORDS);
  const end = text.indexOf(0);
  return String.fromCharCode(...text.subarray(0, end < 0 ? TEXT_WORDS : end));
}
