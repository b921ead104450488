import type { KernelBackend, TensorInfo, TypedArray } from '@tensorflow/tfjs-core';
import type { Operation, ValueId, ValueType } from './graph.js';

/**
 * What a backend is given to make a program of: plain data, so that it need not know this package.
 * A backend that takes programs has a method `compileProgram(source)`.
 */
export interface ProgramSource {
  readonly values: readonly ValueType[];
  /** Values that each call gives, in this order, the variables last; -1 for one that is only assigned. */
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
  /** Pairs of a variable (its place among `inputs`) and the value that it gets in the end. */
  readonly assignments: readonly { readonly input: number; readonly value: ValueId }[];
}

/** A program on a backend. */
export interface BackendProgram {
  /** Bytes that it holds while it exists: constants, intermediate values. */
  readonly bytes: number;
  /** What it does, a line for each step. */
  describe(): readonly string[];
  /**
   * Runs it once.
   *
   * @param inputs the buffers, as in `ProgramSource.inputs`; those of assigned variables are
   *   overwritten if nothing else refers to them
   * @returns new buffers for `results`, then for each assignment a new buffer, or `null` when the
   *   variable's own was overwritten. The list is reused by the next call.
   */
  run(inputs: readonly TensorInfo[]): readonly (TensorInfo | null)[];
  dispose(): void;
}

/** A backend that may take programs. */
export interface ProgramBackend extends KernelBackend {
  /** @returns undefined when the backend cannot run this one */
  compileProgram?(source: ProgramSource): BackendProgram | undefined;
}
