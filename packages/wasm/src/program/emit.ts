import { KERNEL_PARAMETERS } from '../generated/kernel-exports.js';
import { emitLoop } from './emit-loop.js';
import { type Call, isLive, isPlace, type LiveWord, SCRATCH, type Word } from './recording.js';
import type { Layout, Step } from './regions.js';
import { Code, F32, F64, I32, ModuleWriter } from './wasm-writer.js';

/** Where a place lies: at a fixed offset in the program's memory, or in a buffer that may move. */
export type Address =
  | { readonly base: 'own'; readonly offset: number }
  | { readonly base: number; readonly offset: number };

/** A word in the program's memory that holds an address in a buffer that may move. */
interface Patch {
  readonly at: number;
  /** The buffer: an input, or the scratch memory, which counts as the one after the last input. */
  readonly buffer: number;
  readonly offset: number;
}

/** An attribute that is looked up at each run, and the words that hold it. */
interface LiveAttribute {
  readonly read: () => number | readonly number[];
  readonly words: {
    readonly at: number;
    /** Which number, of a list. */
    readonly index: number;
    /** Whether the word is a float32. */
    readonly bits: boolean;
  }[];
}

/** Kernel calls that the code leaves to JavaScript, by number. */
export type HostCall =
  | { readonly kind: 'tasks'; readonly name: string; readonly args: number; readonly tasks: number }
  | { readonly kind: 'kernel'; readonly step: Step };

/** A program before it knows where its memory lies. */
export interface Emitted {
  /** Bytes of the program's memory, with arguments and pointers at its end. */
  readonly bytes: number;
  /** Words that are written once, by their offset in the program's memory. */
  readonly words: ReadonlyMap<number, number>;
  /** Words that hold addresses in the program's own memory, by the offset that they point at. */
  readonly own: ReadonlyMap<number, number>;
  readonly patches: readonly Patch[];
  readonly live: readonly LiveAttribute[];
  readonly hostCalls: readonly HostCall[];
  readonly scratchBytes: number;
  /**
   * For each input, a word that says whether its contents changed, where that makes a difference; for
   * the constants it is that of the number after the inputs.
   */
  readonly changed: ReadonlyMap<number, number>;
  /** Kernel functions that the module imports. */
  readonly functions: readonly string[];
  /** The module for memory at `base`. */
  module(base: number): Uint8Array<ArrayBuffer>;
}

const TYPES: Readonly<Record<string, number>> = { i: I32, f: F32, d: F64 };
/** Fewer tasks than this are called one by one. */
const LOOPED_TASKS = 4;

/** What the code depends on beside the layout. */
export interface EmitOptions {
  readonly inputs: number;
  /** Bytes at the start of the program's memory that hold the arena and the constants. */
  readonly used: number;
  readonly threads: number;
  /** Whether to use the instructions that the backend's kernels were built with. */
  readonly relaxedSimd: boolean;
}

/**
 * Turns steps into the code of one function: calls of kernel functions with fixed arguments.
 *
 * @param addressOf where a region of the program lies
 */
export function emit(
  layout: Layout,
  { inputs, used, threads, relaxedSimd }: EmitOptions,
  addressOf: (region: number) => Address,
): Emitted {
  return new Emitter(layout, inputs, threads, relaxedSimd, used, addressOf).emit();
}

type Line = (code: Code, base: number, writer: ModuleWriter) => void;

class Emitter {
  private readonly lines: Line[] = [];
  private readonly patches: Patch[] = [];
  private readonly live = new Map<string, LiveAttribute>();
  private readonly hostCalls: HostCall[] = [];
  private readonly functions = new Set<string>();
  private readonly words = new Map<number, number>();
  private readonly own = new Map<number, number>();
  private readonly pointers: number;
  private readonly changed = new Map<number, number>();
  private scratchBytes = 0;

  constructor(
    private readonly layout: Layout,
    /** The number of the scratch memory, after those of the inputs. */
    private readonly scratch: number,
    private readonly threads: number,
    private readonly relaxed: boolean,
    private bytes: number,
    private readonly addressOf: (region: number) => Address,
  ) {
    // One pointer for each input and one for the scratch memory.
    this.pointers = this.reserve((scratch + 1) * 4);
    for (let buffer = 0; buffer <= scratch; buffer++) {
      this.patches.push({ at: this.pointers + buffer * 4, buffer, offset: 0 });
    }
  }

  emit(): Emitted {
    for (const step of this.layout.steps) this.step(step);
    return {
      bytes: this.bytes,
      words: this.words,
      own: this.own,
      patches: this.patches,
      live: [...this.live.values()],
      hostCalls: this.hostCalls,
      scratchBytes: this.scratchBytes,
      changed: this.changed,
      functions: [...this.functions],
      module: (base) => {
        const writer = new ModuleWriter();
        const code = new Code();
        for (const line of this.lines) line(code, base, writer);
        return writer.finish(code, this.threads > 1 ? 65536 : undefined);
      },
    };
  }

  private step(step: Step): void {
    const { recording } = step;
    if (recording === undefined) {
      this.lines.push(this.hostLine({ kind: 'kernel', step }));
      return;
    }
    this.scratchBytes = Math.max(this.scratchBytes, recording.scratchBytes);
    for (const call of recording.calls) {
      if (call.kind === 'direct') this.direct(call, step);
      else if (call.kind === 'store') this.store(call, step);
      else if (call.kind === 'loop') this.loop(call, step);
      else this.tasks(call, step);
    }
  }

  private direct({ name, args }: Call & { kind: 'direct' }, step: Step): void {
    const types = KERNEL_PARAMETERS[name]!;
    const words = args.map((word, i) => this.argument(word, types[i]!, step));
    this.functions.add(name);
    this.lines.push((code, base, writer) => {
      for (const word of words) word(code, base);
      code.call(
        writer.importFunction(
          name,
          Array.from(types, (type) => TYPES[type]!),
        ),
      );
    });
  }

  private tasks(call: Call & { kind: 'tasks' }, step: Step): void {
    if (call.tasks <= 0) return;
    const line = this.taskLine(call, step);
    const { whenChanged } = call;
    if (whenChanged === undefined) {
      this.lines.push(line);
      return;
    }
    const { base: buffer } = this.addressOf(step.regions[whenChanged]!);
    const flag = this.flag(buffer === 'own' ? this.scratch : buffer);
    this.lines.push((code, base, writer) => {
      code.loadInteger(base + flag).when(() => line(code, base, writer));
    });
  }

  private flag(buffer: number): number {
    const at = this.changed.get(buffer) ?? this.reserve(4);
    this.changed.set(buffer, at);
    return at;
  }

  private taskLine({ name, args, tasks }: Call & { kind: 'tasks' }, step: Step): Line {
    const at = this.block(args, step);
    if (this.threads > 1 && tasks > 1) {
      return this.hostLine({ kind: 'tasks', name, args: at, tasks });
    }
    this.functions.add(name);
    return (code, base, writer) => {
      const kernel = writer.importFunction(name, [I32, I32, I32]);
      const block = base + at;
      if (tasks <= LOOPED_TASKS) {
        for (let task = 0; task < tasks; task++) {
          code.constant(block).constant(task).constant(0).call(kernel);
        }
        return;
      }
      const task = code.newLocal();
      code.loop(task, tasks, () => {
        code.constant(block).get(task).constant(0).call(kernel);
      });
    };
  }

  /** Words that a kernel writes to its scratch memory are kept ready, and copied there. */
  private store({ offset, args }: Call & { kind: 'store' }, step: Step): void {
    const at = this.block(args, step);
    this.lines.push((code, base) => {
      code
        .loadInteger(base + this.pointers + this.scratch * 4)
        .constant(offset)
        .add();
      code
        .constant(base + at)
        .constant(args.length * 4)
        .copy();
    });
  }

  private loop({ loop, args }: Call & { kind: 'loop' }, step: Step): void {
    const addresses = args.map((word) => this.argument(word, 'i', step));
    this.lines.push((code, base) => {
      emitLoop(code, loop, (index) => addresses[index]!(code, base), this.relaxed);
    });
  }

  private hostLine(call: HostCall): Line {
    const index = this.hostCalls.push(call) - 1;
    return (code, _, writer) => {
      code.constant(index).call(writer.importFunction('host', [I32]));
    };
  }

  /** Words that stay in memory between the calls. */
  private block(args: readonly Word[], step: Step): number {
    const at = this.reserve(args.length * 4);
    args.forEach((word, i) => {
      this.write(at + i * 4, word, step);
    });
    return at;
  }

  private write(at: number, word: Word, step: Step): void {
    if (isLive(word)) {
      this.liveWord(step, word, at, word.bits);
    } else if (isPlace(word)) {
      const { base, offset } = this.resolve(word, step);
      if (base === 'own') this.own.set(at, offset);
      else this.patches.push({ at, buffer: base, offset });
    } else {
      this.words.set(at, word);
    }
  }

  private liveWord({ operation }: Step, word: LiveWord, at: number, bits: boolean): void {
    const name = word.live;
    const key = `${this.layout.steps.findIndex((step) => step.operation === operation)} ${name}`;
    let attribute = this.live.get(key);
    if (attribute === undefined) {
      const attrs = operation.attrs as Record<string, number | readonly number[]>;
      attribute = { read: () => attrs[name]!, words: [] };
      this.live.set(key, attribute);
    }
    attribute.words.push({ at, index: word.index, bits });
  }

  private reserve(bytes: number): number {
    const at = Math.ceil(this.bytes / 16) * 16;
    this.bytes = at + bytes;
    return at;
  }

  private argument(word: Word, type: string, step: Step): (code: Code, base: number) => void {
    if (isLive(word)) {
      const at = this.reserve(4);
      this.liveWord(step, word, at, type === 'f' || word.bits);
      return (code, base) =>
        type === 'f' ? code.loadFloat(base + at) : code.loadInteger(base + at);
    }
    if (isPlace(word)) {
      const { base: buffer, offset } = this.resolve(word, step);
      if (buffer === 'own') return (code, base) => code.constant(base + offset);
      return (code, base) => {
        code.loadInteger(base + this.pointers + buffer * 4);
        if (offset !== 0) code.constant(offset).add();
      };
    }
    if (type === 'f') return (code) => code.float(word);
    if (type === 'd') return (code) => code.double(word);
    return (code) => code.constant(word);
  }

  private resolve({ region, offset }: { region: number; offset: number }, step: Step): Address {
    if (region === SCRATCH) return { base: this.scratch, offset };
    const address = this.addressOf(step.regions[region]!);
    return { ...address, offset: address.offset + offset };
  }
}
