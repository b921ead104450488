import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import { getKernel, util } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import type { KernelExports } from '../generated/kernel-exports.js';
import { KERNEL_PARAMETERS } from '../generated/kernel-exports.js';
import { constantsOf } from '../kernels/elementwise/constants.js';
import {
  type Loop,
  mapOperands,
  type Operation,
  operandsOf,
  type ProgramSource,
} from './source.js';

/** An address that is not known yet: bytes into a region. */
export interface Place {
  readonly region: number;
  readonly offset: number;
}

/** An attribute that is another number at each call. */
export interface LiveWord {
  readonly live: string;
  /** Which number it is, if the attribute is a list. */
  readonly index: number;
  /** Whether the word holds the bits of the float32. */
  readonly bits: boolean;
}

/** An argument of a kernel function. */
export type Word = number | Place | LiveWord;

/** What a kernel does to the heap. */
export type Call =
  | { readonly kind: 'direct'; readonly name: string; readonly args: readonly Word[] }
  | {
      readonly kind: 'tasks';
      readonly name: string;
      readonly args: readonly Word[];
      readonly tasks: number;
      /** A region; the call is only needed if its contents changed since the last run. */
      readonly whenChanged?: number;
    }
  /** A loop of the program's own; the addresses are those of its operands, then of what it stores. */
  | { readonly kind: 'loop'; readonly loop: Loop; readonly args: readonly Word[] }
  /** JavaScript writes the words to the kernel's scratch memory. */
  | { readonly kind: 'store'; readonly offset: number; readonly args: readonly Word[] };

/** The region of the backend's scratch memory. */
export const SCRATCH = -1;

export function isLive(word: Word): word is LiveWord {
  return typeof word === 'object' && 'live' in word;
}

export function isPlace(word: Word): word is Place {
  return typeof word === 'object' && 'region' in word;
}

/** What one operation comes down to. Regions: its operands, what it allocates, what it keeps. */
export interface Recording {
  readonly calls: readonly Call[];
  /** Bytes of each region that it allocates. */
  readonly allocated: readonly number[];
  /** Bytes of each region whose contents outlive the call. */
  readonly kept?: readonly number[];
  /** The regions of its outputs; an operand's when they share memory. */
  readonly outputs: readonly number[];
  readonly scratchBytes: number;
}

/** Where regions seem to lie: addresses of 32 bits, as kernels write them to memory too. */
const FIRST = 2 ** 29;
const END = 2 ** 32 - 2 ** 16;
/** Where the kernel's scratch memory seems to lie; below the others, for kernels view it as an array. */
const SCRATCH_BASE = 4096;
/** By how much all addresses move from the first run to the second, which tells them from numbers. */
const MOVE = 1472;
/** What memory holds that nothing was written to. */
const UNTOUCHED = 0x5a5a5a5a;
/** Numbers that are put in the place of a live attribute, to see where they go. */
const PROBES = [29, 1000003] as const;
const probe = (number: number, index: number): number => number + 2 * index;

class Unrecordable extends Error {}

/**
 * Runs a kernel without letting it touch the heap, and notes which functions it would call on which
 * addresses.
 *
 * @returns undefined for a kernel that does anything else: reads numbers, or calls functions of tfjs
 */
export function recordOperation(
  backend: AeWasmBackend,
  operation: Operation,
  values: ProgramSource['values'],
): Recording | undefined {
  if (operation.host !== undefined) return undefined;
  const attrs = { ...operation.attrs };
  const record = (move: number, changed: NamedAttrMap = {}) =>
    new Recorder(backend, move).record(operation, values, { ...attrs, ...changed });
  try {
    const first = record(0);
    const moved = record(MOVE);
    const probed = liveNames(operation.attrs).map((name) => ({
      name,
      runs: PROBES.map((number) => record(0, { [name]: probeFor(attrs[name], number) })),
    }));
    const others = [moved, ...probed.flatMap(({ runs }) => runs)];
    if (others.some((other) => !haveSameForm(first, other))) return undefined;
    const word = (call: number, i: number): Word => {
      const at = ({ calls }: RawRecording) => calls[call]!.args[i]!;
      const number = at(first);
      for (const { name, runs } of probed) {
        const numbers = runs.map(at);
        if (numbers.every((other) => Object.is(other, number))) continue;
        const bits = numbers.map((other) => (isFloatBits(other) ? fromBits(other) : other));
        for (const [seen, isBits] of [
          [numbers, false],
          [bits, true],
        ] as const) {
          const index = (seen[0]! - PROBES[0]) / 2;
          const isProbe = seen.every((other, k) => other === probe(PROBES[k]!, index));
          if (Number.isInteger(index) && isProbe) return { live: name, index, bits: isBits };
        }
        throw new Unrecordable();
      }
      if (Object.is(at(moved), number)) return number;
      // An address that went through anything but additions moves otherwise.
      if (at(moved) !== number + MOVE) throw new Unrecordable();
      return first.places.find(number >>> 0);
    };
    const calls = first.calls.map((call, index) => ({
      ...call,
      args: call.args.map((_, i) => word(index, i)),
    }));
    const { allocated, outputs, scratchBytes } = first;
    return { calls, allocated, outputs, scratchBytes };
  } catch (error) {
    if (error instanceof Unrecordable) return undefined;
    throw error;
  }
}

function probeFor(value: unknown, number: number): number | number[] {
  return Array.isArray(value) ? value.map((_, index) => probe(number, index)) : number;
}

const word = new DataView(new ArrayBuffer(4));

function fromBits(bits: number): number {
  word.setInt32(0, bits);
  return word.getFloat32(0);
}

/** Bits of a number that is not tiny: no count or seed in use is as large. */
function isFloatBits(value: number): boolean {
  return Number.isInteger(value) && value >= 2 ** 30;
}

function liveNames(attrs: NamedAttrMap = {}): string[] {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(attrs));
  return descriptors.filter(([, { get }]) => get !== undefined).map(([name]) => name);
}

interface RawRecording extends Omit<Recording, 'calls'> {
  readonly calls: readonly (Call & { readonly args: readonly number[] })[];
  readonly places: Places;
}

/** The seeming addresses of one run. */
class Places {
  scratchBytes = 0;
  private readonly bases: number[] = [];
  private next: number;

  constructor(private readonly move: number) {
    this.next = FIRST + move;
  }

  get scratch(): number {
    return SCRATCH_BASE + this.move;
  }

  add(bytes: number): void {
    this.bases.push(this.next);
    // A gap tells the end of one from the start of the next.
    this.next += Math.ceil(bytes / 64) * 64 + 64;
    if (this.next > END) throw new Unrecordable();
  }

  base(region: number): number {
    return this.bases[region]!;
  }

  find(address: number): Place {
    if (address < FIRST) {
      const offset = address - this.scratch;
      if (offset < 0 || offset > this.scratchBytes) throw new Unrecordable();
      return { region: SCRATCH, offset };
    }
    const region = this.bases.filter((base) => base <= address).length - 1;
    return { region, offset: address - this.base(region) };
  }
}

/** Whether two runs differ in the arguments of calls only. */
function haveSameForm(a: RawRecording, b: RawRecording): boolean {
  const form = (recording: RawRecording) =>
    JSON.stringify({
      ...recording,
      places: undefined,
      calls: recording.calls.map((call) => ({ ...call, args: call.args.length })),
    });
  return form(a) === form(b);
}

/** One run of a kernel on a backend whose methods note what they are asked. */
class Recorder {
  private readonly calls: (Call & { readonly args: readonly number[] })[] = [];
  private readonly allocated: number[] = [];
  private readonly regions = new Map<object, number>();
  private readonly places: Places;
  private readonly untouched: number;
  private fake: Int32Array | undefined;
  private operands = 0;

  constructor(
    private readonly backend: AeWasmBackend,
    move: number,
  ) {
    this.places = new Places(move);
    // Another one in each run: a word that happens to be equal makes the runs differ.
    this.untouched = UNTOUCHED + move;
  }

  record(operation: Operation, values: ProgramSource['values'], attrs: NamedAttrMap): RawRecording {
    const kernel = getKernel(operation.kernel, 'ae-wasm');
    if (!kernel) throw new Unrecordable();
    // So that no kernel writes them as part of a program.
    constantsOf(this.backend);
    const ids = [...new Set(operandsOf(operation))];
    this.operands = ids.length;
    const infos = new Map(ids.map((id, region) => [id, this.info(region, values[id]!)] as const));
    const inputs = mapOperands(operation.inputs, (id) => infos.get(id)!);
    const outputs = this.observe(() =>
      kernel.kernelFunc({ inputs: inputs as never, attrs, backend: this.backend }),
    );
    this.noteWrites();
    return {
      calls: this.calls,
      allocated: this.allocated,
      outputs: [outputs].flat().map(({ dataId }) => this.regionOf(dataId)),
      scratchBytes: this.places.scratchBytes,
      places: this.places,
    };
  }

  private info(region: number, { shape, dtype }: ProgramSource['values'][number]): TensorInfo {
    const dataId = {};
    this.regions.set(dataId, region);
    this.places.add(util.sizeFromShape(shape) * util.bytesPerElement(dtype));
    return { dataId, shape, dtype };
  }

  private regionOf(dataId: object): number {
    const region = this.regions.get(dataId);
    if (region === undefined) throw new Unrecordable();
    return region;
  }

  /** Runs `body` while the backend's members are replaced; the backend stays the same object. */
  private observe<Result>(body: () => Result): Result {
    const members = this.members();
    const before = Object.getOwnPropertyDescriptors(this.backend);
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(this.backend, name, { value, configurable: true, writable: true });
    }
    try {
      return body();
    } catch {
      // Whatever goes wrong goes wrong because nothing here is real.
      throw new Unrecordable();
    } finally {
      for (const name of Object.keys(members)) {
        Reflect.deleteProperty(this.backend, name);
        const own = before[name as keyof typeof before];
        if (own !== undefined) Object.defineProperty(this.backend, name, own);
      }
    }
  }

  private members(): object {
    const refuse = (): never => {
      throw new Unrecordable();
    };
    const refused = new Proxy({}, { get: refuse });
    const output = (shape: number[], dtype: TensorInfo['dtype']): TensorInfo => {
      if (dtype === 'string' || dtype === 'complex64') refuse();
      this.allocated.push(util.sizeFromShape(shape) * util.bytesPerElement(dtype));
      return this.info(this.operands + this.allocated.length - 1, { shape, dtype });
    };
    return {
      output,
      makeOutput: (
        shape: number[],
        dtype: TensorInfo['dtype'],
        offset?: number | null,
        values?: unknown,
      ) => (offset == null && values == null ? output(shape, dtype) : refuse()),
      pointer: ({ dataId }: TensorInfo) => this.places.base(this.regionOf(dataId)),
      scratch: (bytes: number) => this.scratch(bytes),
      run: (name: string, args: readonly number[], tasks: number) => {
        this.noteWrites();
        this.calls.push({ kind: 'tasks', name, args: [...args], tasks });
      },
      kernels: this.functions(),
      wasm: Object.defineProperty({}, 'HEAPU8', { get: () => this.fakeHeap() }),
      incRef: () => {},
      disposeData: () => true,
      // Whether something may be overwritten is for the program to see.
      refCount: () => Number.POSITIVE_INFINITY,
      heap: refused,
      dataIdMap: refused,
      read: refuse,
      readSync: refuse,
      write: refuse,
      move: refuse,
      typedArrayFromHeap: refuse,
    };
  }

  private functions(): KernelExports {
    const note =
      (name: string) =>
      (...args: number[]): void => {
        const types = KERNEL_PARAMETERS[name];
        if (types === undefined) throw new Unrecordable();
        this.noteWrites();
        // A missing argument is 0, a further one is ignored.
        const all = Array.from(types, (_, i) => Number(args[i] ?? 0));
        this.calls.push({ kind: 'direct', name, args: all });
      };
    return new Proxy({}, { get: (_, name) => note(String(name)) }) as KernelExports;
  }

  private scratch(bytes: number): number {
    this.noteWrites();
    const { places } = this;
    places.scratchBytes = Math.max(places.scratchBytes, bytes);
    this.fake = undefined;
    return places.scratch;
  }

  /** Memory that stands for the heap when a kernel writes lists to its scratch memory. */
  private fakeHeap(): Uint8Array {
    const { scratch, scratchBytes } = this.places;
    if (scratchBytes === 0) throw new Unrecordable();
    this.fake ??= new Int32Array(Math.ceil((scratch + scratchBytes) / 4)).fill(this.untouched);
    return new Uint8Array(this.fake.buffer);
  }

  /** Notes what was written to the scratch memory since the last call. */
  private noteWrites(): void {
    const { fake } = this;
    if (fake === undefined) return;
    const first = this.places.scratch / 4;
    for (let start = first; start < fake.length; start++) {
      if (fake[start] === this.untouched) continue;
      let end = start;
      while (end < fake.length && fake[end] !== this.untouched) end++;
      const args = Array.from(fake.subarray(start, end));
      this.calls.push({ kind: 'store', offset: (start - first) * 4, args });
      fake.fill(this.untouched, start, end);
      start = end;
    }
  }
}
