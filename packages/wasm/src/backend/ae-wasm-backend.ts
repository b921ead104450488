import type { backend_util, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { DataStorage, engine, KernelBackend, util } from '@tensorflow/tfjs-core';
import type { KernelExports } from '../generated/kernel-exports.js';
import { Heap } from './heap.js';
import type { StockModule } from './stock-module.js';
import type { TaskRunner } from './task-runner.js';

type DataId = TensorInfo['dataId'];
type NumericType = 'float32' | 'int32' | 'bool';

/** What the backend knows of one buffer; tfjs tensors point at it by data id. */
export interface TensorData {
  /** The number by which tfjs's own kernels know the buffer. */
  readonly id: number;
  readonly shape: number[];
  readonly dtype: DataType;
  /** How many tensors share the buffer. */
  refCount: number;
  /** Byte offset in the heap; `null` for strings, which stay in JavaScript. */
  memoryOffset: number | null;
  stringBytes?: Uint8Array[];
}

/** Everything {@link AeWasmBackend} is made of. */
export interface BackendParts {
  stock: StockModule;
  kernels: KernelExports;
  runner: TaskRunner;
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

  private readonly runner: TaskRunner;
  // 0 is what tfjs's kernels take for "no tensor".
  private nextId = 1;

  constructor({ stock, kernels, runner }: BackendParts) {
    super();
    this.wasm = stock;
    this.kernels = kernels;
    this.runner = runner;
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

  // What tfjs-core and tfjs-backend-wasm's kernels call.

  override write(values: backend_util.BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = { id: this.nextId++ };
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: DataId,
    values: backend_util.BackendValues | null,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    const id = this.nextId++;
    if (dtype === 'string') {
      const stringBytes = values as Uint8Array[];
      this.dataIdMap.set(dataId, { id, shape, dtype, refCount, memoryOffset: null, stringBytes });
      return;
    }
    const size = util.sizeFromShape(shape);
    const bytes = size * util.bytesPerElement(dtype);
    const memoryOffset = this.heap.allocate(bytes);
    if (values !== null) {
      const { buffer, byteOffset } = values as Float32Array;
      this.wasm.HEAPU8.set(new Uint8Array(buffer, byteOffset, bytes), memoryOffset);
    }
    this.register(dataId, { id, shape, dtype, refCount, memoryOffset }, size);
  }

  /** As in tfjs-backend-wasm: `memoryOffset` takes over memory that a kernel has allocated. */
  makeOutput(
    shape: number[],
    dtype: DataType,
    memoryOffset?: number | null,
    values?: backend_util.BackendValues,
  ): TensorInfo {
    const dataId = { id: this.nextId++ };
    if (memoryOffset === undefined || memoryOffset === null) {
      this.move(dataId, values ?? null, shape, dtype, 1);
    } else {
      const size = util.sizeFromShape(shape);
      this.heap.adopt(memoryOffset, size * util.bytesPerElement(dtype));
      this.register(dataId, { id: this.nextId++, shape, dtype, refCount: 1, memoryOffset }, size);
    }
    return { dataId, shape, dtype };
  }

  private register(dataId: DataId, data: TensorData, size: number): void {
    this.dataIdMap.set(dataId, data);
    this.wasm.registerTensor(data.id, size, data.memoryOffset!);
  }

  override read(dataId: DataId): Promise<backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  /** A copy of the elements from `start` to before `end`. */
  override readSync(dataId: DataId, start = 0, end?: number): backend_util.BackendValues {
    const { memoryOffset, dtype, shape, stringBytes } = this.dataIdMap.get(dataId);
    if (stringBytes !== undefined) return stringBytes.slice(start, end);
    const size = util.sizeFromShape(shape);
    const view = heapView(this.wasm.HEAPU8, memoryOffset!, size, dtype);
    // A typed array's `slice` of shared memory would itself be shared, which few APIs accept.
    const range = view.subarray(start, end ?? size);
    return new (range.constructor as Float32ArrayConstructor)(range as Float32Array);
  }

  /** The elements in place: a view that the next allocation may invalidate. */
  typedArrayFromHeap({ dataId, shape, dtype }: TensorInfo): backend_util.TypedArray {
    const { memoryOffset } = this.dataIdMap.get(dataId);
    return heapView(this.wasm.HEAPU8, memoryOffset!, util.sizeFromShape(shape), dtype);
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.dataIdMap.has(dataId)) return true;
    const data = this.dataIdMap.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    if (data.memoryOffset !== null) {
      this.wasm.disposeData(data.id);
      this.heap.free(data.memoryOffset);
    }
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

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
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

function heapView(
  { buffer }: Uint8Array,
  offset: number,
  size: number,
  dtype: DataType,
): Float32Array | Int32Array | Uint8Array {
  switch (dtype) {
    case 'float32':
      return new Float32Array(buffer, offset, size);
    case 'int32':
      return new Int32Array(buffer, offset, size);
    case 'bool':
      return new Uint8Array(buffer, offset, size);
    default:
      throw new Error(`Tensors of type ${dtype} have no numbers in the WASM heap`);
  }
}
