import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { DataStorage, engine, KernelBackend, util } from '@tensorflow/tfjs-core';
import type { KernelExports } from '../generated/kernel-exports.js';
import { compileProgram } from '../program/compile-program.js';
import type { Program, ProgramSource } from '../program/source.js';
import { Heap } from './heap.js';
import type { StockModule } from './stock-module.js';
import type { TaskRunner } from './task-runner.js';
import type { HeapArray } from './tensor-data.js';
import { TensorData } from './tensor-data.js';

type DataId = TensorInfo['dataId'];
type NumericType = 'float32' | 'int32' | 'bool';

/** Everything {@link AeWasmBackend} is made of. */
export interface BackendParts {
  stock: StockModule;
  kernels: KernelExports;
  runner: TaskRunner;
  /** Whether the kernels use relaxed SIMD. */
  relaxedSimd: boolean;
}

/**
 * The tfjs backend `ae-wasm`: tensors live on the heap of tfjs-backend-wasm's module, where that
 * module's kernels and those of this package (`kernels`) both work on them in place.
 */
export class AeWasmBackend extends KernelBackend {
  /** The functions of this package's module, on this backend's heap. */
  readonly kernels: KernelExports;
  /** The allocator; every allocation of the backend goes through it. */
  readonly heap: Heap;
  /** tfjs-backend-wasm's module, under the name that its kernels look for. */
  readonly wasm: StockModule;
  readonly dataIdMap: DataStorage<TensorData>;
  /** Whether the kernels use relaxed SIMD, so that programs do so too. */
  readonly relaxedSimd: boolean;

  private readonly runner: TaskRunner;
  private nextId = 1;
  /** What was made since {@link undoing} began. */
  private made: DataId[] | undefined;

  constructor({ stock, kernels, runner, relaxedSimd }: BackendParts) {
    super();
    this.wasm = stock;
    this.kernels = kernels;
    this.runner = runner;
    this.relaxedSimd = relaxedSimd;
    this.heap = new Heap(stock);
    this.dataIdMap = new DataStorage(this, engine());
  }

  /** How many threads {@link run} spreads tasks over. */
  get threads(): number {
    return this.runner.threads;
  }

  /**
   * Makes an uninitialised tensor.
   *
   * @throws Error when the heap has no room for it; nothing has changed then.
   */
  output(shape: number[], dtype: NumericType): TensorInfo {
    return this.makeOutput(shape, dtype);
  }

  /** Does `work`, a kernel's; if it throws, frees the tensors that it has made by then. */
  undoing<T>(work: () => T): T {
    // A kernel within a kernel is a part of the outer one.
    if (this.made !== undefined) return work();
    const made: DataId[] = [];
    this.made = made;
    try {
      return work();
    } catch (error) {
      for (const dataId of made) this.disposeData(dataId, true);
      throw error;
    } finally {
      this.made = undefined;
    }
  }

  /** Byte offset of a tensor's elements in the heap; its data moves here first if it must. */
  pointer({ dataId }: TensorInfo): number {
    return this.dataIdMap.get(dataId).memoryOffset!;
  }

  /**
   * Memory for a kernel's intermediate values: 64-byte aligned, not cleared, valid until the next
   * call of `scratch`. A kernel therefore asks once, for all that it needs.
   *
   * @throws Error when the heap has no room for it.
   */
  scratch(bytes: number): number {
    return this.heap.scratch(bytes);
  }

  /**
   * Runs the task kernel `name(args, task, worker)` for each task below `tasks` on all threads,
   * and returns when all are done.
   *
   * @param args 32-bit words for the kernel: integers and pointers as they are, float32 values by
   *   their bits ({@link floatBits})
   */
  run(name: keyof KernelExports, args: readonly number[], tasks: number): void {
    this.runner.run(name, args, tasks);
  }

  /** As {@link run}, with arguments that a program has in the heap already. */
  runAt(name: keyof KernelExports, args: number, tasks: number): void {
    this.runner.runAt(name, args, tasks);
  }

  /**
   * Makes one program of many kernel calls with fixed shapes, for `@ae/function`.
   *
   * @returns undefined when a value has a type that the heap does not hold
   */
  compileProgram(source: ProgramSource): Program | undefined {
    return compileProgram(this, source);
  }

  // What tfjs-core and tfjs-backend-wasm's kernels call.

  override write(values: backend_util.BackendValues, shape: number[], dtype: DataType): DataId {
    return this.makeOutput(shape, dtype, null, values).dataId;
  }

  /**
   * Takes over a tensor from another backend, which no longer has it. The heap is asked for room
   * only when a kernel needs the tensor, so that failing to get it loses nothing.
   */
  override move(
    dataId: DataId,
    values: backend_util.BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    this.dataIdMap.set(dataId, new TensorData(this, shape, dtype, refCount, values));
  }

  /** As in tfjs-backend-wasm: `memoryOffset` takes over memory that a kernel has allocated. */
  makeOutput(
    shape: number[],
    dtype: DataType,
    memoryOffset?: number | null,
    values?: backend_util.BackendValues | null,
  ): TensorInfo {
    const data = new TensorData(this, shape, dtype, 1, values ?? null);
    if (memoryOffset === undefined || memoryOffset === null) data.place();
    else data.adopt(memoryOffset);
    const dataId = { id: this.nextId++ };
    this.dataIdMap.set(dataId, data);
    this.made?.push(dataId);
    return { dataId, shape, dtype };
  }

  /** A tensor over memory that something else owns; {@link forget} ends it, `disposeData` does not. */
  borrow(shape: number[], dtype: NumericType, memoryOffset: number): TensorInfo {
    const data = new TensorData(this, shape, dtype, Number.POSITIVE_INFINITY, null);
    data.borrow(memoryOffset);
    const dataId = { id: this.nextId++ };
    this.dataIdMap.set(dataId, data);
    return { dataId, shape, dtype };
  }

  /** Ends a tensor of {@link borrow}; its memory stays. */
  forget({ dataId }: TensorInfo): void {
    this.dataIdMap.get(dataId).forgetDerived();
    this.dataIdMap.delete(dataId);
  }

  override read(dataId: DataId): Promise<backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  /** A copy of the elements from `start` to before `end`. */
  override readSync(dataId: DataId, start = 0, end?: number): backend_util.BackendValues {
    return this.dataIdMap.get(dataId).read(start, end);
  }

  /** The elements in place: an array that the next allocation may invalidate. */
  typedArrayFromHeap({ dataId }: TensorInfo): HeapArray {
    const data = this.dataIdMap.get(dataId);
    data.place();
    return data.view();
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.dataIdMap.has(dataId)) return true;
    const data = this.dataIdMap.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    data.free();
    this.dataIdMap.delete(dataId);
    return true;
  }

  override refCount(dataId: DataId): number {
    return this.dataIdMap.has(dataId) ? this.dataIdMap.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.dataIdMap.get(dataId).refCount++;
  }

  override numDataIds(): number {
    return this.dataIdMap.numDataIds();
  }

  override floatPrecision(): 32 {
    return 32;
  }

  /** Joined by tfjs with its own counts in `tf.memory()`. */
  override memory(): { unreliable: boolean; heapBytes: number; scratchBytes: number } {
    const { heapBytes, scratchBytes } = this.heap;
    return { unreliable: false, heapBytes, scratchBytes };
  }

  override async time(query: () => void): Promise<{ kernelMs: number }> {
    const start = util.now();
    query();
    return { kernelMs: util.now() - start };
  }

  override dispose(): void {
    this.runner.dispose();
    this.wasm.dispose();
  }
}
