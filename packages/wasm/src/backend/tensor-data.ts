import type { backend_util, DataType } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import type { Heap } from './heap.js';
import type { StockModule } from './stock-module.js';

/** Where buffers live. */
export interface Home {
  readonly heap: Heap;
  readonly wasm: StockModule;
}

/** A typed array over numbers of the heap. */
export type HeapArray = Float32Array | Int32Array | Uint8Array;

// 0 is what tfjs's kernels take for "no tensor".
let nextStockId = 1;

/** One buffer of numbers in the heap, which any number of tensors may share. */
export class TensorData {
  /** Strings stay in JavaScript. */
  readonly stringBytes: Uint8Array[] | undefined;
  private readonly size: number;
  private offset: number | null = null;
  private stockId = 0;
  private pending: HeapArray | undefined;
  private contents: object = {};

  /**
   * @param values what the buffer holds; `null` leaves it uninitialised
   * @param refCount how many tensors share the buffer
   */
  constructor(
    private readonly home: Home,
    readonly shape: number[],
    readonly dtype: DataType,
    public refCount: number,
    values: backend_util.BackendValues | null,
  ) {
    this.size = util.sizeFromShape(shape);
    if (dtype === 'string') this.stringBytes = values as Uint8Array[];
    else if (values !== null) this.pending = heapArray(values, this.byteLength, dtype);
  }

  get byteLength(): number {
    return this.dtype === 'string' ? 0 : this.size * util.bytesPerElement(this.dtype);
  }

  /** Byte offset of the first element, placed by the first use; `null` for strings. */
  get memoryOffset(): number | null {
    return this.offset ?? this.place();
  }

  /**
   * Gives the buffer its place in the heap, if it has none yet.
   *
   * @throws Error when the heap has no room; the values are kept then, and may be read
   */
  place(): number | null {
    if (this.offset !== null || this.stringBytes !== undefined) return this.offset;
    const { heap, wasm } = this.home;
    this.offset = heap.allocate(this.byteLength);
    if (this.pending !== undefined) {
      const { buffer, byteOffset } = this.pending;
      wasm.HEAPU8.set(new Uint8Array(buffer, byteOffset, this.byteLength), this.offset);
      this.pending = undefined;
    }
    return this.offset;
  }

  /** Takes over memory that a kernel of tfjs has allocated. */
  adopt(offset: number): void {
    this.home.heap.adopt(offset, this.byteLength);
    this.offset = offset;
  }

  /** Lies in memory that something else owns, and must not be freed. */
  borrow(offset: number): void {
    this.offset = offset;
  }

  /** The number by which tfjs's kernels know the buffer; they are told of it at the first use. */
  get id(): number {
    if (this.stockId === 0) {
      const offset = this.memoryOffset;
      this.stockId = nextStockId++;
      this.home.wasm.registerTensor(this.stockId, this.size, offset ?? 0);
    }
    return this.stockId;
  }

  /** Stands for the contents: another object when they were overwritten. */
  get version(): object {
    return this.contents;
  }

  /** To be called when the contents were overwritten in place. */
  noteChange(): void {
    this.contents = {};
    this.forgetDerived();
  }

  /** Drops what tfjs's kernels have derived from the contents, such as packed weights. */
  forgetDerived(): void {
    if (this.stockId !== 0) this.home.wasm.disposeData(this.stockId);
    this.stockId = 0;
  }

  /** The elements in place; the next allocation may invalidate the array. */
  view(): HeapArray {
    if (this.pending !== undefined) return this.pending;
    const { buffer } = this.home.wasm.HEAPU8;
    const offset = this.memoryOffset!;
    switch (this.dtype) {
      case 'float32':
        return new Float32Array(buffer, offset, this.size);
      case 'complex64':
        return new Float32Array(buffer, offset, 2 * this.size);
      case 'int32':
        return new Int32Array(buffer, offset, this.size);
      case 'bool':
        return new Uint8Array(buffer, offset, this.size);
      default:
        throw new Error(`A tensor of type ${this.dtype} has no numbers in the WASM heap`);
    }
  }

  /** A copy of the elements from `start` to before `end`. */
  read(start: number, end: number | undefined): backend_util.BackendValues {
    if (this.stringBytes !== undefined) return this.stringBytes.slice(start, end);
    const range = this.view().subarray(start, end);
    // Not `slice`, which gives shared memory for shared memory, and that few APIs accept.
    return new (range.constructor as Float32ArrayConstructor)(range);
  }

  free(): void {
    this.forgetDerived();
    if (this.offset !== null) this.home.heap.free(this.offset);
    this.offset = null;
  }
}

/** The values as the heap stores them; most already are, and are not copied here. */
function heapArray(
  values: backend_util.BackendValues,
  byteLength: number,
  dtype: DataType,
): HeapArray {
  const array =
    ArrayBuffer.isView(values) && values.byteLength === byteLength
      ? (values as HeapArray)
      : (util.toTypedArray(values as Float32Array, dtype as 'float32') as HeapArray);
  if (array.byteLength === byteLength) return array;
  throw new Error(
    `A tensor of type ${dtype} needs ${byteLength} bytes; ${array.byteLength} were given`,
  );
}
