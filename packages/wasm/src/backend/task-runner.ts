import type { KernelExports } from '../generated/kernel-exports.js';

/** A kernel that does one of several independent parts of its work. */
type TaskKernel = (args: number, task: number, worker: number) => void;

/** Runs the tasks of kernels. */
export interface TaskRunner {
  readonly threads: number;
  run(name: keyof KernelExports, args: readonly number[], tasks: number): void;
  /** The same with arguments that are in the heap already. */
  runAt(name: keyof KernelExports, args: number, tasks: number): void;
  dispose(): void;
}

/** Words that the arguments of one call may have. */
const MAX_ARGUMENTS = 256;

/** A block of the heap for the arguments of a call. */
export class ArgumentBlock {
  static readonly bytes: number = 4 * MAX_ARGUMENTS;
  private words: Int32Array | undefined;

  constructor(
    private readonly memory: WebAssembly.Memory,
    readonly offset: number,
  ) {}

  write(args: readonly number[]): void {
    const { buffer } = this.memory;
    // Growing the heap replaces its buffer.
    if (this.words?.buffer !== buffer) {
      this.words = new Int32Array(buffer, this.offset, MAX_ARGUMENTS);
    }
    this.words.set(args);
  }
}

const word = new DataView(new ArrayBuffer(4));

/** The bits of a float32, for passing it among integer arguments. */
export function floatBits(value: number): number {
  word.setFloat32(0, value);
  return word.getInt32(0);
}

/** Runs every task on the calling thread, in order. */
export class SerialRunner implements TaskRunner {
  readonly threads = 1;

  constructor(
    private readonly kernels: KernelExports,
    private readonly block: ArgumentBlock,
  ) {}

  run(name: keyof KernelExports, args: readonly number[], tasks: number): void {
    this.block.write(args);
    this.runAt(name, this.block.offset, tasks);
  }

  runAt(name: keyof KernelExports, args: number, tasks: number): void {
    const kernel = this.kernels[name] as TaskKernel;
    for (let task = 0; task < tasks; task++) kernel(args, task, 0);
  }

  dispose(): void {}
}
