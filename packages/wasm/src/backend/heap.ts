import type { StockModule } from './stock-module.js';

const ALIGNMENT = 64;
/** The allocator's sizes are 32-bit, and the last page of 4 GiB is never used. */
const LARGEST = 2 ** 32 - 2 ** 16;

/** Checked allocation on the heap that the kernels of tfjs and of this package share. */
export class Heap {
  private readonly sizes = new Map<number, number>();
  private used = 0;
  private scratchOffset = 0;
  private scratchSize = 0;

  constructor(private readonly stock: StockModule) {}

  /** Bytes of tensors now. */
  get tensorBytes(): number {
    return this.used;
  }

  /** Bytes of the scratch block, which is reused by every kernel. */
  get scratchBytes(): number {
    return this.scratchSize;
  }

  /** Size of the heap: it grows when it must and never shrinks. */
  get heapBytes(): number {
    return this.stock.memory.buffer.byteLength;
  }

  /**
   * @returns byte offset of a new block
   * @throws Error naming what was asked and what is in use, when there is no room
   */
  allocate(bytes: number): number {
    const offset = this.claim(bytes, 'a tensor');
    this.adopt(offset, bytes);
    return offset;
  }

  /** Counts a block that a kernel of tfjs has allocated. */
  adopt(offset: number, bytes: number): void {
    this.sizes.set(offset, bytes);
    this.used += bytes;
  }

  free(offset: number): void {
    this.used -= this.sizes.get(offset) ?? 0;
    this.sizes.delete(offset);
    this.stock._free(offset);
  }

  /** One block for all kernels, as large as the largest that one of them has asked for. */
  scratch(bytes: number): number {
    if (bytes > this.scratchSize) {
      if (this.scratchOffset !== 0) this.stock._free(this.scratchOffset);
      this.scratchOffset = 0;
      this.scratchSize = 0;
      this.scratchOffset = this.claim(bytes + ALIGNMENT, 'the work of one operation');
      this.scratchSize = bytes;
    }
    return Math.ceil(this.scratchOffset / ALIGNMENT) * ALIGNMENT;
  }

  private claim(bytes: number, purpose: string): number {
    // The allocator gives no memory for 0 bytes the same answer as for too many.
    const offset = bytes > LARGEST ? 0 : this.stock._malloc(Math.max(bytes, 1));
    if (offset !== 0) return offset;
    throw new Error(
      `Out of WASM memory: ${megabytes(bytes)} were asked for ${purpose}, ` +
        `${megabytes(this.used)} are in use by ${this.sizes.size} tensors' data and ` +
        `${megabytes(this.scratchSize)} by scratch, of a heap of ${megabytes(this.heapBytes)} ` +
        'that cannot grow enough. Dispose of tensors (tf.tidy, tf.dispose) or use smaller batches.',
    );
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 3 : 1)} MiB`;
}
