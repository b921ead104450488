/** Writes a small WebAssembly module: imported functions and memory, one exported function. */

export const I32 = 0x7f;
export const F32 = 0x7d;
export const F64 = 0x7c;

export const V128 = 0x7b;

const VOID_BLOCK = 0x40;

/** Vector instructions, on four float32 unless the name says otherwise. */
export const Simd = {
  Load: 0x00,
  LoadSplat: 0x09,
  Store: 0x0b,
  Constant: 0x0c,
  GreaterEqual: 0x46,
  Select: 0x52,
  ShiftLeft: 0xab,
  AddInteger: 0xae,
  Abs: 0xe0,
  Neg: 0xe1,
  Sqrt: 0xe3,
  Add: 0xe4,
  Sub: 0xe5,
  Mul: 0xe6,
  Div: 0xe7,
  Min: 0xe8,
  Max: 0xe9,
  PMin: 0xea,
  PMax: 0xeb,
  RelaxedMultiplyAdd: 0x105,
} as const;

/** Bytes of an unsigned LEB128 number. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** Bytes of a signed LEB128 number of 32 bits. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

function float32(value: number): number[] {
  return [...new Uint8Array(new Float32Array([value]).buffer)];
}

function float64(value: number): number[] {
  return [...new Uint8Array(new Float64Array([value]).buffer)];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}

/** The instructions of one function without parameters or results. */
export class Code {
  private readonly bytes: number[] = [];
  private readonly locals: number[] = [];

  constant(value: number): this {
    return this.push(0x41, ...signed(value));
  }

  float(value: number): this {
    return this.push(0x43, ...float32(value));
  }

  double(value: number): this {
    return this.push(0x44, ...float64(value));
  }

  /** Loads the 32-bit integer at a fixed address. */
  loadInteger(address: number): this {
    return this.constant(0).push(0x28, 2, ...unsigned(address));
  }

  loadFloat(address: number): this {
    return this.constant(0).push(0x2a, 2, ...unsigned(address));
  }

  add(): this {
    return this.push(0x6a);
  }

  /** Stores the integer on the stack at the address below it, plus `offset`. */
  store(offset: number): this {
    return this.push(0x36, 2, ...unsigned(offset));
  }

  /** Copies bytes: the stack holds where to, where from and how many. */
  copy(): this {
    return this.push(0xfc, 10, 0, 0);
  }

  call(index: number): this {
    return this.push(0x10, ...unsigned(index));
  }

  /** A variable of the type, which is 0 at first. */
  newLocal(type: number = I32): number {
    return this.locals.push(type) - 1;
  }

  /** A vector instruction without immediate operands. */
  simd(instruction: number): this {
    return this.push(0xfd, ...unsigned(instruction));
  }

  /** A vector load or store at the address on the stack. */
  simdMemory(instruction: number): this {
    return this.push(0xfd, ...unsigned(instruction), 2, 0);
  }

  /** A vector of four times the same 32 bits. */
  vector(bits: number): this {
    const word = [bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, bits >>> 24];
    return this.push(0xfd, Simd.Constant, ...word, ...word, ...word, ...word);
  }

  get(local: number): this {
    return this.push(0x20, ...unsigned(local));
  }

  set(local: number): this {
    return this.push(0x21, ...unsigned(local));
  }

  /** Runs `body` for `local` = 0, `step`, ... below `count`, which is at least 1. */
  loop(local: number, count: number, body: () => void, step = 1): this {
    this.constant(0).set(local).push(0x03, VOID_BLOCK);
    body();
    this.get(local).constant(step).add();
    this.push(0x22, ...unsigned(local));
    return this.constant(count).push(0x48, 0x0d, 0, 0x0b);
  }

  /** Runs `body` if the integer on the stack is not 0. */
  when(body: () => void): this {
    this.push(0x04, VOID_BLOCK);
    body();
    return this.push(0x0b);
  }

  /** The function's bytes as the code section holds them. */
  body(): number[] {
    const locals = this.locals.flatMap((type) => [1, type]);
    return sized([...unsigned(this.locals.length), ...locals, ...this.bytes, 0x0b]);
  }

  private push(...bytes: number[]): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }
}

/** A module that imports functions and a memory, and exports one function `run`. */
export class ModuleWriter {
  private readonly types: string[] = [];
  private readonly imports: number[][] = [];
  private readonly indices = new Map<string, number>();

  /** The index of the imported function `name`; `parameters` are its types. */
  importFunction(name: string, parameters: readonly number[]): number {
    const known = this.indices.get(name);
    if (known !== undefined) return known;
    const index = this.indices.size;
    this.indices.set(name, index);
    this.imports.push([...text('f'), ...text(name), 0, ...unsigned(this.type(parameters))]);
    return index;
  }

  /** @param maximumPages of a memory that is shared with threads */
  finish(code: Code, maximumPages: number | undefined): Uint8Array<ArrayBuffer> {
    const limits = maximumPages === undefined ? [0, 0] : [3, 0, ...unsigned(maximumPages)];
    const memory = [...text('m'), ...text('memory'), 2, ...limits];
    const run = this.type([]);
    const types = this.types.map((parameters) => [
      0x60,
      ...sized(parameters === '' ? [] : parameters.split(',').map(Number)),
      0,
    ]);
    const list = (entries: readonly number[][]) => [...unsigned(entries.length), ...entries.flat()];
    const section = (id: number, contents: readonly number[]) => [id, ...sized(contents)];
    return new Uint8Array([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(1, list(types)),
      ...section(2, list([...this.imports, memory])),
      ...section(3, list([unsigned(run)])),
      ...section(7, list([[...text('run'), 0, ...unsigned(this.imports.length)]])),
      ...section(10, list([code.body()])),
    ]);
  }

  private type(parameters: readonly number[]): number {
    const key = parameters.join(',');
    const known = this.types.indexOf(key);
    return known >= 0 ? known : this.types.push(key) - 1;
  }
}
