import type {
  DataType,
  NamedAttrMap,
  Tensor,
  TensorInfo,
  TypedArray,
  Variable,
} from '@tensorflow/tfjs-core';

type DataId = TensorInfo['dataId'];

/** A value of a {@link Graph}: its place in `graph.values`. Each is set once. */
export type ValueId = number;

/** What is known of a value before any call. */
export interface ValueType {
  readonly dtype: DataType;
  readonly shape: number[];
}

/** The operands of a kernel in the form that the kernel takes them: by name, or as a list. */
export type Operands =
  | readonly ValueId[]
  | { readonly [name: string]: ValueId | readonly ValueId[] | undefined };

/** One kernel call. */
export interface Operation {
  readonly kernel: string;
  readonly inputs: Operands;
  /** Properties that are getters are read anew at each call. */
  readonly attrs: NamedAttrMap | undefined;
  readonly outputs: readonly ValueId[];
  /** Does the operation in JavaScript, in the place of a kernel. */
  readonly host?: HostFunction;
}

/** Is given the operands' values, and gives those of the output, if there is one. */
type HostFunction = (operands: readonly TypedArray[]) => TypedArray | undefined;

/** Where a value comes from that no operation computes. */
export type Source =
  | { readonly kind: 'argument'; readonly index: number; readonly value: ValueId }
  | { readonly kind: 'captured'; readonly tensor: Tensor; readonly value: ValueId }
  | { readonly kind: 'variable'; readonly variable: Variable; readonly value: ValueId }
  | { readonly kind: 'constant'; readonly dataId: DataId; readonly value: ValueId }
  | { readonly kind: 'host'; readonly read: () => number; readonly value: ValueId };

/** What a variable is to hold when the program has run. */
interface Assignment {
  readonly variable: Variable;
  readonly value: ValueId;
}

/** A traced function: operations in the order of the calls, between sources and results. */
export interface Graph {
  readonly values: readonly ValueType[];
  readonly sources: readonly Source[];
  readonly operations: readonly Operation[];
  readonly results: readonly ValueId[];
  readonly assignments: readonly Assignment[];
}

/** Every operand of an operation, in order; optional ones that are absent are left out. */
export function operandsOf({ inputs }: Operation): ValueId[] {
  return Object.values(inputs)
    .flat()
    .filter((id): id is ValueId => id !== undefined);
}

/** The same operands with each value replaced. */
export function mapOperands<Mapped>(
  inputs: Operands,
  map: (id: ValueId) => Mapped,
): Mapped[] | { [name: string]: Mapped | Mapped[] | undefined } {
  if (Array.isArray(inputs)) return inputs.map(map);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, operand]) => [
      name,
      typeof operand === 'number' ? map(operand) : operand?.map(map),
    ]),
  );
}

/** The values that must be there after the last operation. */
export function rootsOf({ results, assignments }: Graph): ValueId[] {
  return [...results, ...assignments.map(({ value }) => value)];
}
