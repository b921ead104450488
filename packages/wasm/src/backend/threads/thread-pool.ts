import type { KernelExports } from '../../generated/kernel-exports.js';
import { isNode } from '../node.js';
import type { ArgumentBlock, TaskRunner } from '../task-runner.js';
import type { Kernel } from './job.js';
import { awaitProgress, CONTROL_BYTES, doneChunks, doTasks, failure, openJob } from './job.js';
import { kernelNames, kernelTable } from './kernel-table.js';
import type { Thread } from './spawn.js';
import { spawn } from './spawn.js';

/** How long a thread looks for work before it sleeps. */
const SPIN_MILLISECONDS = 0.1;
const POLL_MILLISECONDS = 200;
/** Without any progress for so long, counted in polls, a worker counts as lost. */
const PATIENCE_MILLISECONDS = 10_000;

/** What the pool works with. */
export interface PoolParts {
  module: WebAssembly.Module;
  exports: WebAssembly.Exports;
  memory: WebAssembly.Memory;
  block: ArgumentBlock;
}

/** Runs tasks on the calling thread and on workers that share its heap. */
export class ThreadPool implements TaskRunner {
  private readonly words = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES));
  private readonly indices: Map<string, number>;
  private readonly kernels: readonly Kernel[];
  private readonly workers: Thread[] = [];
  private broken: string | undefined;

  private constructor(private readonly parts: PoolParts) {
    this.indices = new Map(kernelNames(parts.module).map((name, index) => [name, index]));
    this.kernels = kernelTable(parts.module, parts.exports);
  }

  /**
   * Starts `threads - 1` workers.
   *
   * @throws Error when one of them does not start; none is left running then
   */
  static async start(threads: number, parts: PoolParts): Promise<ThreadPool> {
    const pool = new ThreadPool(parts);
    const starting = Array.from({ length: threads - 1 }, (_, i) =>
      spawn(
        {
          module: parts.module,
          memory: parts.memory,
          control: pool.words.buffer as SharedArrayBuffer,
          worker: i + 1,
          spinMilliseconds: SPIN_MILLISECONDS,
        },
        (reason) => {
          pool.broken ??= reason;
        },
      ),
    );
    const settled = await Promise.allSettled(starting);
    for (const result of settled) {
      if (result.status === 'fulfilled') pool.workers.push(result.value);
    }
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed === undefined) return pool;
    pool.dispose();
    throw failed.reason;
  }

  get threads(): number {
    return this.workers.length + 1;
  }

  run(name: keyof KernelExports, args: readonly number[], tasks: number): void {
    const { block } = this.parts;
    block.write(args);
    this.runAt(name, block.offset, tasks);
  }

  runAt(name: keyof KernelExports, args: number, tasks: number): void {
    if (this.broken !== undefined) throw lost(this.broken);
    const kernel = this.indices.get(name)!;
    if (tasks <= 1) {
      if (tasks === 1) this.kernels[kernel]!(args, 0, 0);
      return;
    }
    const { chunks } = openJob(this.words, kernel, args, tasks);
    doTasks(this.words, this.kernels, 0);
    this.awaitWorkers(chunks);
    const error = failure(this.words);
    if (error !== undefined) throw new Error(`Kernel ${name} failed: ${error}`);
  }

  dispose(): void {
    for (const worker of this.workers.splice(0)) worker.terminate();
    this.broken = 'the backend was disposed of';
  }

  /** Waits for tasks that workers have taken. */
  private awaitWorkers(chunks: number): void {
    awaitBusily(this.words, chunks, SPIN_MILLISECONDS);
    for (let waited = 0; doneChunks(this.words) < chunks; ) {
      const done = doneChunks(this.words);
      if (mayBlock()) awaitProgress(this.words, done, POLL_MILLISECONDS);
      else awaitBusily(this.words, chunks, POLL_MILLISECONDS);
      waited = doneChunks(this.words) === done ? waited + POLL_MILLISECONDS : 0;
      if (waited < PATIENCE_MILLISECONDS) continue;
      this.broken = `a worker has not answered for ${PATIENCE_MILLISECONDS / 1000} s`;
      throw lost(this.broken);
    }
  }
}

function awaitBusily(words: Int32Array, chunks: number, milliseconds: number): void {
  const end = performance.now() + milliseconds;
  for (let spins = 1; doneChunks(words) < chunks; spins++) {
    if (spins % 64 === 0 && performance.now() > end) return;
  }
}

/** The main thread of a page may not sleep, all others may. */
function mayBlock(): boolean {
  return isNode || typeof window === 'undefined';
}

function lost(reason: string): Error {
  return new Error(
    `The threads of backend ae-wasm are lost: ${reason}. Tensors can still be read; to compute ` +
      'again call tf.engine().reset() and await useWasm().',
  );
}
