import type { KernelFunc, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';
import { getKernel } from '@tensorflow/tfjs-core';
import type { AeWasmBackend } from '../backend/ae-wasm-backend.js';
import type { KernelExports } from '../generated/kernel-exports.js';
import { align } from './arena.js';
import { type Address, type Emitted, emit, type HostCall } from './emit.js';
import { bytesOf, type Layout } from './regions.js';
import {
  mapOperands,
  type Operation,
  operandsOf,
  type Program,
  type ProgramSource,
  type ValueId,
} from './source.js';

type NumericType = 'float32' | 'int32' | 'bool';

/** A program in the heap: one WebAssembly function over memory that is laid out beforehand. */
export class WasmProgram implements Program {
  private readonly base: number;
  private readonly constantOffsets: readonly number[];
  private readonly keptOffsets = new Map<number, number>();
  private readonly emitted: Emitted;
  private readonly start: () => void;
  /** Where the inputs, and the scratch memory after them, were at the last call. */
  private readonly pointers: number[];
  private readonly patchesOf: { at: number; offset: number }[][];
  private readonly inputOf = new Map<ValueId, number>();
  private readonly assigned: ReadonlySet<number>;
  private readonly borrowed = new Map<ValueId, TensorInfo>();
  private readonly returned: (TensorInfo | null)[] = [];
  private inputs: readonly TensorInfo[] = [];
  /** New buffers of variables whose own are shared, in this call. */
  private readonly replaced = new Map<number, TensorInfo>();
  private readonly seen = new Map<number, object>();
  private words: Int32Array = new Int32Array(0);
  private floats: Float32Array = new Float32Array(0);

  constructor(
    private readonly backend: AeWasmBackend,
    private readonly source: ProgramSource,
    private readonly layout: Layout,
  ) {
    let used = layout.arenaBytes;
    this.constantOffsets = source.constants.map(({ value }) => {
      const at = used;
      used = align(used + bytesOf(source, value));
      return at;
    });
    layout.regions.forEach((region, id) => {
      if (region.kind !== 'kept') return;
      this.keptOffsets.set(id, used);
      used = align(used + region.bytes);
    });
    const { threads, relaxedSimd } = backend;
    const inputs = source.inputs.length;
    const options = { inputs, used, threads, relaxedSimd };
    this.emitted = emit(layout, options, (region) => this.address(region));
    this.pointers = new Array(inputs + 1).fill(-1);
    this.patchesOf = this.pointers.map(() => []);
    for (const { at, buffer, offset } of this.emitted.patches) {
      this.patchesOf[buffer]!.push({ at, offset });
    }
    source.inputs.forEach((value, index) => {
      this.inputOf.set(value, index);
    });
    this.assigned = new Set(source.assignments.map(({ input }) => input));
    this.base = backend.heap.allocate(this.emitted.bytes);
    try {
      this.start = this.instantiate();
      this.fill();
    } catch (error) {
      backend.heap.free(this.base);
      throw error;
    }
  }

  get bytes(): number {
    return this.emitted.bytes;
  }

  describe(): readonly string[] {
    const { layout, emitted } = this;
    const plain = layout.steps.filter(({ recording }) => recording === undefined);
    const names = [...new Set(plain.map(({ operation }) => operation.kernel))];
    return [
      `ae-wasm: ${layout.steps.length} operations, an arena of ${layout.arenaBytes} bytes, ` +
        `scratch memory of ${emitted.scratchBytes} bytes`,
      ...(names.length > 0 ? [`called through JavaScript: ${names.join(', ')}`] : []),
    ];
  }

  run(inputs: readonly TensorInfo[]): readonly (TensorInfo | null)[] {
    const { backend, emitted } = this;
    this.inputs = inputs;
    this.returned.length = 0;
    try {
      for (const input of this.assigned) this.unshare(input);
      this.prepareResults();
      for (let i = 0; i < inputs.length; i++) this.point(i, backend.pointer(this.input(i)));
      if (emitted.scratchBytes > 0)
        this.point(inputs.length, backend.scratch(emitted.scratchBytes));
      this.refreshViews();
      this.writeLive();
      this.writeChanged();
      this.start();
      this.noteUnchanged();
      this.copyResults();
      this.assign();
      return this.returned;
    } catch (error) {
      for (const info of [...this.returned, ...this.replaced.values()]) {
        if (info !== null) backend.disposeData(info.dataId);
      }
      throw error;
    } finally {
      this.inputs = [];
      this.replaced.clear();
    }
  }

  dispose(): void {
    for (const info of this.borrowed.values()) this.backend.forget(info);
    this.backend.heap.free(this.base);
  }

  private address(region: number): Address {
    const found = this.layout.regions[region]!;
    if (found.kind === 'input') return { base: found.index, offset: 0 };
    if (found.kind === 'constant') {
      return { base: 'own', offset: this.constantOffsets[found.index]! };
    }
    if (found.kind === 'kept') return { base: 'own', offset: this.keptOffsets.get(region)! };
    return { base: 'own', offset: this.layout.offsets.get(region)! };
  }

  private instantiate(): () => void {
    const { backend, emitted } = this;
    const module = new WebAssembly.Module(emitted.module(this.base));
    const functions: Record<string, WebAssembly.ImportValue> = {
      host: (index: number) => this.callHost(emitted.hostCalls[index]!),
    };
    for (const name of emitted.functions) {
      functions[name] = backend.kernels[name as keyof KernelExports] as () => void;
    }
    const imports = { f: functions, m: { memory: backend.wasm.memory } };
    return new WebAssembly.Instance(module, imports).exports.run as () => void;
  }

  /** Writes what stays: constants, arguments, addresses in the program's own memory. */
  private fill(): void {
    const { base, emitted, source } = this;
    this.refreshViews();
    for (const [at, word] of emitted.words) this.words[(base + at) >>> 2] = word;
    for (const [at, offset] of emitted.own) this.words[(base + at) >>> 2] = base + offset;
    source.constants.forEach(({ data }, i) => {
      const { buffer, byteOffset, byteLength } = data()!;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      this.backend.wasm.HEAPU8.set(bytes, base + this.constantOffsets[i]!);
    });
  }

  private refreshViews(): void {
    const { buffer } = this.backend.wasm.HEAPU8;
    if (this.words.buffer === buffer) return;
    this.words = new Int32Array(buffer);
    this.floats = new Float32Array(buffer);
  }

  private writeLive(): void {
    for (const { read, words } of this.emitted.live) {
      const value = read();
      for (const { at, index, bits } of words) {
        const view = bits ? this.floats : this.words;
        view[(this.base + at) >>> 2] = typeof value === 'number' ? value : value[index]!;
      }
    }
  }

  /** Says which inputs are not what they were at the last run that ended well. */
  private writeChanged(): void {
    for (const [input, at] of this.emitted.changed) {
      this.words[(this.base + at) >>> 2] = Number(this.versionOf(input) !== this.seen.get(input));
    }
  }

  private noteUnchanged(): void {
    for (const input of this.emitted.changed.keys()) this.seen.set(input, this.versionOf(input));
  }

  /** Another object for each contents that an input has; the constants stay what they are. */
  private versionOf(input: number): object {
    if (input === this.inputs.length) return this.source;
    return this.backend.dataIdMap.get(this.input(input).dataId).version;
  }

  private point(buffer: number, pointer: number): void {
    if (this.pointers[buffer] === pointer) return;
    this.pointers[buffer] = pointer;
    this.refreshViews();
    for (const { at, offset } of this.patchesOf[buffer]!) {
      this.words[(this.base + at) >>> 2] = pointer + offset;
    }
  }

  private input(index: number): TensorInfo {
    return this.replaced.get(index) ?? this.inputs[index]!;
  }

  /** A variable that shares its buffer gets one of its own, so that it can be written to. */
  private unshare(index: number): void {
    const { backend } = this;
    const { dataId, shape, dtype } = this.inputs[index]!;
    // Also moves it here from another backend.
    const from = backend.pointer({ dataId, shape, dtype });
    if (backend.refCount(dataId) === 1) return;
    const own = backend.output(shape, dtype as NumericType);
    this.replaced.set(index, own);
    const bytes = backend.dataIdMap.get(dataId).byteLength;
    backend.wasm.HEAPU8.copyWithin(backend.pointer(own), from, from + bytes);
  }

  private prepareResults(): void {
    const { backend, source } = this;
    for (const id of source.results) {
      const { shape, dtype } = source.values[id]!;
      const input = this.unchangedInput(id);
      if (input === undefined) {
        this.returned.push(backend.output(shape, dtype as NumericType));
        continue;
      }
      const { dataId } = this.inputs[input]!;
      // Moves it here first, if it is elsewhere.
      backend.pointer(this.inputs[input]!);
      backend.incRef(dataId);
      this.returned.push({ dataId, shape, dtype });
    }
  }

  /** The input whose memory a value is, if the program does not write to it. */
  private unchangedInput(id: ValueId): number | undefined {
    const region = this.layout.regions[this.layout.regionOf.get(id)!]!;
    if (region.kind !== 'input' || this.assigned.has(region.index)) return undefined;
    return region.index;
  }

  private pointerOf(id: ValueId): number {
    const { base, offset } = this.address(this.layout.regionOf.get(id)!);
    return base === 'own' ? this.base + offset : this.pointers[base]! + offset;
  }

  private copyResults(): void {
    const { backend, source } = this;
    source.results.forEach((id, i) => {
      if (this.unchangedInput(id) !== undefined) return;
      const from = this.pointerOf(id);
      const to = backend.pointer(this.returned[i]!);
      backend.wasm.HEAPU8.copyWithin(to, from, from + bytesOf(source, id));
    });
  }

  private assign(): void {
    const { backend, source, layout } = this;
    const first = source.results.length;
    // What comes from the memory of inputs is taken first: another assignment may write there.
    for (const { input, value } of source.assignments) {
      const region = layout.regions[layout.regionOf.get(value)!]!;
      const isElsewhere = region.kind === 'input' && region.index !== input;
      this.returned.push(isElsewhere ? this.copyOf(value) : null);
    }
    source.assignments.forEach(({ input, value }, i) => {
      if (this.returned[first + i] !== null) {
        const own = this.replaced.get(input);
        if (own !== undefined) backend.disposeData(own.dataId);
        return;
      }
      const from = this.pointerOf(value);
      const to = this.pointers[input]!;
      const { dataId } = this.input(input);
      backend.dataIdMap.get(dataId).noteChange();
      if (from !== to) backend.wasm.HEAPU8.copyWithin(to, from, from + bytesOf(source, value));
      this.returned[first + i] = this.replaced.get(input) ?? null;
    });
  }

  private copyOf(id: ValueId): TensorInfo {
    const { backend, source } = this;
    const { shape, dtype } = source.values[id]!;
    const copy = backend.output(shape, dtype as NumericType);
    const from = this.pointerOf(id);
    const to = backend.pointer(copy);
    backend.wasm.HEAPU8.copyWithin(to, from, from + bytesOf(source, id));
    return copy;
  }

  private callHost(call: HostCall): void {
    const { backend } = this;
    if (call.kind === 'tasks') {
      backend.runAt(call.name as keyof KernelExports, this.base + call.args, call.tasks);
      return;
    }
    const { operation } = call.step;
    if (operation.host !== undefined) {
      this.callJavaScript(operation);
      return;
    }
    const { kernelFunc } = getKernel(operation.kernel, 'ae-wasm');
    const infos = new Map(operandsOf(operation).map((id) => [id, this.info(id)] as const));
    const inputs = mapOperands(operation.inputs, (id) => infos.get(id)!);
    let outputs: TensorInfo | TensorInfo[];
    try {
      outputs = kernelFunc({
        inputs: inputs as Parameters<KernelFunc>[0]['inputs'],
        attrs: operation.attrs ?? {},
        backend,
      });
    } catch (cause) {
      const message = `its kernel ${operation.kernel} does not work in a program (${String(cause)})`;
      throw Object.assign(new Error(message, { cause }), { name: 'KernelError' });
    }
    [outputs].flat().forEach((output, i) => {
      const id = operation.outputs[i]!;
      const from = backend.pointer(output);
      const bytes = bytesOf(this.source, id);
      backend.wasm.HEAPU8.copyWithin(this.pointerOf(id), from, from + bytes);
      backend.disposeData(output.dataId);
    });
  }

  private callJavaScript({ host, inputs, outputs }: Operation): void {
    const { backend } = this;
    const operands = operandsOf({ inputs }).map(
      (id) => backend.readSync(this.info(id).dataId) as TypedArray,
    );
    const result = host!(operands);
    const [output] = outputs;
    if (output === undefined || result === undefined) return;
    const bytes = new Uint8Array(result.buffer, result.byteOffset, result.byteLength);
    backend.wasm.HEAPU8.set(bytes, this.pointerOf(output));
  }

  /** A value as a tensor, for a kernel that takes tensors. */
  private info(id: ValueId): TensorInfo {
    const { shape, dtype } = this.source.values[id]!;
    const address = this.address(this.layout.regionOf.get(id)!);
    if (address.base !== 'own') return { dataId: this.input(address.base).dataId, shape, dtype };
    let info = this.borrowed.get(id);
    if (info === undefined) {
      info = this.backend.borrow(shape, dtype as NumericType, this.base + address.offset);
      this.borrowed.set(id, info);
    }
    return info;
  }
}
