import { ELEMENTWISE, type Lanes } from './elementwise.js';
import type { Loop } from './source.js';
import { type Code, I32, Simd, V128 } from './wasm-writer.js';

const word = new DataView(new ArrayBuffer(4));

/**
 * Writes a loop: each step loads four elements of every operand, computes, and stores.
 *
 * @param pushAddress pushes the address of operand number `index`, or of what is stored after them
 */
export function emitLoop(
  code: Code,
  loop: Loop,
  pushAddress: (index: number) => void,
  relaxed: boolean,
): void {
  const { operands, instructions, stored, count } = loop;
  const columns = loop.columns || count;
  const addresses = [...operands, ...stored].map((_, index) => {
    const local = code.newLocal(I32);
    pushAddress(index);
    code.set(local);
    return local;
  });
  const numbers = new Map<number, number>();
  const values: number[] = [];
  const body = new BodyWriter(code, numbers, values, relaxed);
  operands.forEach((kind, index) => {
    const local = code.newLocal(V128);
    values[index] = local;
    if (kind !== 'scalar') return;
    code.get(addresses[index]!).simdMemory(Simd.LoadSplat).set(local);
  });
  // Literal vectors in a loop are made anew at each turn: they are variables that are set before it.
  for (const bits of body.literals(instructions)) {
    const local = code.newLocal(V128);
    code.vector(bits).set(local);
    numbers.set(bits, local);
  }
  const column = code.newLocal(I32);
  const row = code.newLocal(I32);
  const place = code.newLocal(I32);
  const step = (): void => {
    operands.forEach((kind, index) => {
      if (kind === 'scalar') return;
      code
        .get(addresses[index]!)
        .get(kind === 'row' ? column : place)
        .add();
      code.simdMemory(Simd.Load).set(values[index]!);
    });
    for (const [index, instruction] of instructions.entries()) {
      body.write(instruction);
      const local = code.newLocal(V128);
      values[operands.length + index] = local;
      code.set(local);
    }
    stored.forEach((instruction, index) => {
      code
        .get(addresses[operands.length + index]!)
        .get(place)
        .add();
      code.get(values[operands.length + instruction]!).simdMemory(Simd.Store);
    });
  };
  code.constant(0).set(place);
  const rows = (): void => {
    code.loop(
      column,
      columns * 4,
      () => {
        step();
        code.get(place).constant(16).add().set(place);
      },
      16,
    );
  };
  if (count === columns) rows();
  else code.loop(row, count / columns, rows);
}

class BodyWriter {
  constructor(
    private readonly code: Code,
    private readonly numbers: ReadonlyMap<number, number>,
    private readonly values: readonly number[],
    private readonly relaxed: boolean,
  ) {}

  write({ kernel, operands, attrs }: Loop['instructions'][number]): void {
    const { code } = this;
    const lanes: Lanes = {
      code,
      operand: (index) => code.get(this.values[operands[index]!]!),
      number: (value) => code.get(this.numbers.get(bitsOf(value))!),
      bits: (bits) => code.get(this.numbers.get(bits)!),
      keep: () => {
        const local = code.newLocal(V128);
        code.set(local);
        return () => code.get(local);
      },
      multiplyAdd: () => {
        if (this.relaxed) return code.simd(Simd.RelaxedMultiplyAdd);
        const added = code.newLocal(V128);
        return code.set(added).simd(Simd.Mul).get(added).simd(Simd.Add);
      },
    };
    ELEMENTWISE[kernel]!(lanes, attrs);
  }

  /** The bits of every literal that the instructions use. */
  literals(instructions: Loop['instructions']): Set<number> {
    const found = new Set<number>();
    const note = (bits: number): Code => {
      found.add(bits);
      return nothing;
    };
    const nothing = new Proxy({} as Code, { get: () => () => nothing });
    for (const { kernel, attrs } of instructions) {
      ELEMENTWISE[kernel]!(
        {
          code: nothing,
          operand: () => nothing,
          number: (value) => note(bitsOf(value)),
          bits: note,
          keep: () => () => nothing,
          multiplyAdd: () => nothing,
        },
        attrs,
      );
    }
    return found;
  }
}

function bitsOf(value: number): number {
  word.setFloat32(0, value);
  return word.getUint32(0);
}
