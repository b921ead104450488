/** The functions that every build of the tfjs module exports; kernels are reached through `cwrap`. */
interface StockExports {
  memory?: WebAssembly.Memory;
  __wasm_call_ctors(): void;
  _emscripten_thread_init?(thread: number, main: number, runtime: number, canBlock: number): void;
  _emscripten_tls_init?(): void;
  init_with_threads_count(count: number): void;
  register_tensor(id: number, size: number, offset: number): void;
  dispose_data(id: number): void;
  dispose(): void;
  malloc(bytes: number): number;
  free(offset: number): void;
  stackSave(): number;
  stackRestore(pointer: number): void;
  stackAlloc(bytes: number): number;
}

type CFunction = (...args: unknown[]) => unknown;

const PAGE = 65536;
/** What the build with threads asks for at the start. */
const INITIAL_PAGES = 256;
/** The last page of 4 GiB stays unused, as with Emscripten: pointers past the end do not wrap. */
const LARGEST_HEAP = 65535 * PAGE;
const EAGAIN = 6;
const EBADF = 8;
const ESPIPE = 70;

/**
 * One instance of tfjs-backend-wasm's WebAssembly module with the few things its kernels expect
 * of Emscripten's runtime. That runtime itself is not used: it takes the process's error handlers,
 * starts workers, and finds its files in ways that differ by host.
 */
export class StockModule {
  readonly memory: WebAssembly.Memory;
  private readonly exports: StockExports;
  private bytes: Uint8Array = new Uint8Array(0);
  private message = '';

  private constructor(
    instance: (imports: WebAssembly.Imports) => WebAssembly.Instance,
    shared: WebAssembly.Memory | undefined,
    private readonly memoryLimit: number,
  ) {
    this.exports = instance(this.imports(shared)).exports as unknown as StockExports;
    this.memory = shared ?? this.exports.memory!;
    this.exports.__wasm_call_ctors();
    this.exports.init_with_threads_count(1);
  }

  /**
   * @param shared whether `module` is the build with threads, whose memory workers can share
   * @param memoryLimit bytes beyond which the heap does not grow
   */
  static instantiate(
    module: WebAssembly.Module,
    shared: boolean,
    memoryLimit: number = LARGEST_HEAP,
  ): StockModule {
    const limit = Math.floor(Math.min(memoryLimit, LARGEST_HEAP) / PAGE) * PAGE;
    return new StockModule(
      (imports) => new WebAssembly.Instance(module, imports),
      shared ? sharedMemory(limit) : undefined,
      limit,
    );
  }

  /** The heap as it is now. Do not keep it: growth replaces it. */
  get HEAPU8(): Uint8Array {
    const { buffer } = this.memory;
    if (this.bytes.buffer !== buffer) this.bytes = new Uint8Array(buffer);
    return this.bytes;
  }

  /** Returns 0 when there is no room. */
  _malloc(bytes: number): number {
    return this.exports.malloc(bytes) >>> 0;
  }

  _free(offset: number): void {
    this.exports.free(offset);
  }

  registerTensor(id: number, size: number, offset: number): void {
    this.exports.register_tensor(id, size, offset);
  }

  disposeData(id: number): void {
    this.exports.dispose_data(id);
  }

  dispose(): void {
    this.exports.dispose();
  }

  /** An exported function that takes numbers, and byte arrays or strings copied to its stack. */
  cwrap(name: string, _result: string | null, argumentTypes: readonly string[] = []): CFunction {
    const callable = (this.exports as unknown as Record<string, CFunction>)[name];
    if (callable === undefined) throw new Error(`tfjs-backend-wasm has no function ${name}`);
    if (!argumentTypes.some((type) => type === 'array' || type === 'string')) return callable;
    return (...args) => {
      const stack = this.exports.stackSave();
      try {
        return callable(...args.map((value, i) => this.toStack(argumentTypes[i], value)));
      } finally {
        this.exports.stackRestore(stack);
      }
    };
  }

  private toStack(type: string | undefined, value: unknown): unknown {
    if (type !== 'array' && type !== 'string') return value;
    const bytes =
      type === 'string' ? new TextEncoder().encode(`${value}\0`) : (value as ArrayLike<number>);
    const offset = this.exports.stackAlloc(bytes.length) >>> 0;
    this.HEAPU8.set(bytes, offset);
    return offset;
  }

  /** What the two builds import, the threaded one everything and `memory`. */
  private imports(memory: WebAssembly.Memory | undefined): WebAssembly.Imports {
    const unreachable = (): never => {
      throw new Error('tfjs-backend-wasm tried to use its own threads');
    };
    const env = {
      abort: () => {
        throw new WebAssembly.RuntimeError(`a kernel of tfjs-backend-wasm aborted ${this.message}`);
      },
      emscripten_memcpy_big: (target: number, source: number, bytes: number) => {
        this.HEAPU8.copyWithin(target >>> 0, source >>> 0, (source >>> 0) + (bytes >>> 0));
      },
      emscripten_get_heap_max: () => this.memoryLimit,
      emscripten_resize_heap: (bytes: number) => this.grow(bytes >>> 0),
      ...(memory && { memory }),
      // Below: what the threaded build asks for. It is set up to run on this thread alone.
      __emscripten_init_main_thread_js: (thread: number) => {
        this.exports._emscripten_thread_init!(thread, 1, 1, 0);
        this.exports._emscripten_tls_init!();
      },
      __pthread_create_js: () => EAGAIN,
      __emscripten_thread_cleanup: () => {},
      _emscripten_default_pthread_stack_size: () => PAGE,
      _emscripten_notify_task_queue: unreachable,
      _emscripten_set_offscreencanvas_size: () => -1,
      emscripten_check_blocking_allowed: () => {},
      emscripten_get_now: () => performance.now(),
      emscripten_num_logical_cores: () => 1,
      emscripten_receive_on_main_thread_js: unreachable,
      emscripten_unwind_to_js_event_loop: unreachable,
      exit: unreachable,
    };
    const wasi_snapshot_preview1 = {
      fd_close: () => EBADF,
      fd_seek: () => ESPIPE,
      fd_write: (_file: number, vectors: number, count: number, written: number) =>
        this.collectMessage(vectors, count, written),
    };
    return { env, wasi_snapshot_preview1 };
  }

  private grow(needed: number): boolean {
    const size = this.memory.buffer.byteLength;
    if (needed > this.memoryLimit) return false;
    // A fifth more than asked, so that many small allocations do not grow the heap many times.
    for (const spare of [0.2, 0.05, 0]) {
      const target = Math.min(this.memoryLimit, Math.max(needed, size * (1 + spare)));
      try {
        this.memory.grow(Math.ceil((target - size) / PAGE));
        return true;
      } catch {
        // Less may still fit.
      }
    }
    return false;
  }

  /** What a kernel prints before it aborts becomes part of the error. */
  private collectMessage(vectors: number, count: number, written: number): number {
    const view = new DataView(this.memory.buffer);
    let total = 0;
    for (let i = 0; i < count; i++) {
      const offset = view.getUint32(vectors + 8 * i, true);
      const length = view.getUint32(vectors + 8 * i + 4, true);
      this.message += new TextDecoder().decode(this.HEAPU8.slice(offset, offset + length));
      total += length;
    }
    this.message = this.message.slice(-1000);
    view.setUint32(written, total, true);
    return 0;
  }
}

/** A shared memory reserves its addresses at once; small devices do not grant 4 GiB of them. */
function sharedMemory(limit: number): WebAssembly.Memory {
  for (let maximum = limit / PAGE; ; maximum = Math.floor(maximum / 2)) {
    try {
      return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared: true });
    } catch (error) {
      if (maximum / 2 < INITIAL_PAGES) throw error;
    }
  }
}
