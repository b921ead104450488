import type { DataType, NamedAttrMap, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';

/** A value of a program: its place in `values`. */
export type ValueId = number;

/** Operands by name or as a list, as the kernel takes them. */
export type Operands =
  | readonly ValueId[]
  | { readonly [name: string]: ValueId | readonly ValueId[] | undefined };

/** One kernel call. */
export interface Operation {
  readonly kernel: string;
  readonly inputs: Operands;
  /** Getters give another value at each call. */
  readonly attrs: NamedAttrMap | undefined;
  readonly outputs: readonly ValueId[];
  /** Does the operation in JavaScript, in the place of a kernel: operands in, output out. */
  readonly host?: (operands: readonly TypedArray[]) => TypedArray | undefined;
}

/** Elementwise operations that are done together, four elements at a time. */
export interface FusedOperation extends Operation {
  readonly loop: Loop;
}

/** One pass over `count` elements: values are the operands, then the instructions. */
export interface Loop {
  readonly count: number;
  /** Elements after which operands that are repeated row by row begin anew; 0 without such. */
  readonly columns: number;
  readonly operands: readonly ('full' | 'row' | 'scalar')[];
  readonly instructions: readonly {
    readonly kernel: string;
    readonly operands: readonly number[];
    readonly attrs: NamedAttrMap;
  }[];
  /** Which instructions' results are stored, in the order of the outputs. */
  readonly stored: readonly number[];
}

/** What `backend.compileProgram` takes: kernel calls between inputs and results, of fixed shapes. */
export interface ProgramSource {
  readonly values: readonly { readonly dtype: DataType; readonly shape: number[] }[];
  /** Values that each call gives, the variables last; -1 for one that is only assigned. */
  readonly inputs: readonly ValueId[];
  /** How many of the inputs, at their end, are variables. */
  readonly variables: number;
  readonly constants: readonly {
    readonly value: ValueId;
    /** Reads the numbers; undefined for strings. */
    readonly data: () => TypedArray | undefined;
  }[];
  readonly operations: readonly Operation[];
  readonly results: readonly ValueId[];
  /** Variables (by their place among `inputs`) and the value that each gets in the end. */
  readonly assignments: readonly { readonly input: number; readonly value: ValueId }[];
}

/** What `backend.compileProgram` gives. */
export interface Program {
  /** Bytes that it holds between calls. */
  readonly bytes: number;
  /** A line for each thing that it does. */
  describe(): readonly string[];
  /**
   * Runs it once.
   *
   * @param inputs as in `ProgramSource.inputs`; the buffer of a variable that is assigned is
   *   overwritten if only one tensor refers to it
   * @returns new buffers for the results, then for each assignment a new buffer, or `null` when the
   *   variable's own was overwritten; the next call reuses the list
   */
  run(inputs: readonly TensorInfo[]): readonly (TensorInfo | null)[];
  dispose(): void;
}

/** Every operand of an operation, in order. */
export function operandsOf({ inputs }: Pick<Operation, 'inputs'>): ValueId[] {
  return Object.values(inputs)
    .flat()
    .filter((id): id is ValueId => id !== undefined);
}

/** The operands in the form that the kernel takes, each replaced. */
export function mapOperands<Mapped>(inputs: Operands, map: (id: ValueId) => Mapped): object {
  if (Array.isArray(inputs)) return inputs.map(map);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, operand]) => [
      name,
      typeof operand === 'number' ? map(operand) : operand?.map(map),
    ]),
  );
}
